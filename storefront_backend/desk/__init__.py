"""Pages for people who work here."""
