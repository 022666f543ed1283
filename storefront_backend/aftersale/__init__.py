"""After the order: payments, parcels, refunds, allocations, what a brand sees of its orders."""
