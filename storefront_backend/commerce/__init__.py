"""Commerce without a framework: ports, use cases, the price book. Dates and rates are arguments."""
