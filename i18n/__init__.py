"""What is true in a market: language, names, sizes, hallmarks, tax, duty. No framework."""
