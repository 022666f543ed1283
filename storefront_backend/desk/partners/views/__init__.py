"""Views about partners."""
