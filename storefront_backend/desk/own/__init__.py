"""Everybody's own part of the desk: signing in, the account's security, joining a brand.

django-allauth does the work; the addresses, the pages, the words and the limits are ours.
"""
