"""Campaigns, partners and stories."""
