"""Mails to people who work here, in the desk's languages: its catalogues hold their words."""
