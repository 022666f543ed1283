"""Rows about the Saleors that installed us: tokens, keys, events, sales, conflicts."""
