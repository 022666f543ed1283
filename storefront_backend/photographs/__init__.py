"""Photographs of pieces: rows, taking in, developing (showroom.photographs does the work)."""
