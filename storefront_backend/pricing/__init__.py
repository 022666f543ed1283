"""What pieces cost where: imported formulas, rates, listings in every market, rate ticks."""
