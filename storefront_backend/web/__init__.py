"""Pages: thin views over the catalogue and the checkout."""
