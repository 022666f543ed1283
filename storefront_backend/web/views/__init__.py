"""One module a room of the shop; a view parses, asks one question, and fills a template."""
