"""What may not be sold or shipped into a market, or only with a paper."""
