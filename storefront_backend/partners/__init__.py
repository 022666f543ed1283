"""Partners (KOL, KOC): who applied, what they agreed to, what they earn, what is lent to them."""
