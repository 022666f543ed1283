"""The shop: the only package that knows all the others."""
