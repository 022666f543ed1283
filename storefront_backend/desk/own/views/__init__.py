"""Pages that are one's own."""
