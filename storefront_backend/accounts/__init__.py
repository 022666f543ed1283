"""People: shoppers, brand members, marketers, operators."""
