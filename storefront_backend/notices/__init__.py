"""Mails that tell somebody what happened: whom, of what, and that it is told once."""
