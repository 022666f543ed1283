"""Views of a brand's desk: each reads a request, asks one use case and fills a page."""
