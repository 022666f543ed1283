"""When a mark or an assay is compulsory, and which standards of fineness a market knows."""
