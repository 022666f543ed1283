"""Webhooks: verify, record, answer. One module a sender."""
