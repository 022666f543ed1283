"""Which systems of size and weight a market's shoppers read."""
