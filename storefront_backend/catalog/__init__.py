"""Brands, products, variants, listings, stock, rates."""
