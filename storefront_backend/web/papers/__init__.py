"""Papers of an order as PDF: commercial invoice, packing list, credit note."""
