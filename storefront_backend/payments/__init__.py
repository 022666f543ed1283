"""Adapters of the PaymentProvider port, independent of one another."""
