"""The marketing desk: campaigns, offers, partners, and what came of them."""
