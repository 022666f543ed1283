"""The embedded engine: the ports of commerce over our own rows in PostgreSQL."""
