"""Brands' files are opened by confined children only; what they answer is plain data.

    with opened(path, limits) as tables:      # tables.py: the sheets of a file, rows as they come
        for sheet in tables.sheets: …

`tasks.py` is what runs in the child, `running.py` starts it and says what it died of, and
`wire.py` is how rows come back: lines of JSON, each of which is checked again on this side.
"""

from catalog_import.confined.running import IN_A_REQUEST, IN_BACKGROUND
from catalog_import.confined.tables import Tables, opened

__all__ = ["IN_A_REQUEST", "IN_BACKGROUND", "Tables", "opened"]
