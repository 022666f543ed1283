"""What a piece may be called, and what must be said with the name."""
