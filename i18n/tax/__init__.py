"""Taxes on a sale: VAT, GST, consumption and sales tax, and the low-value schemes."""
