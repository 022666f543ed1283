"""Pages for those who work here: `brand` for a house's people, `operator` for the shop's.

Pages for shoppers are `web`; what programs of a brand ask is `api.desk`.
"""
