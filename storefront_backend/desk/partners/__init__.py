"""Pages about partners: a marketer's, and the partner's own."""
