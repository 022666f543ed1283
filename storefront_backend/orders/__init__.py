"""Checkouts, orders, payments."""
