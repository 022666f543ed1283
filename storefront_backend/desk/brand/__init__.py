"""A brand's desk at /desk/brand/<brand>/: its pieces, markets, orders and sheets."""
