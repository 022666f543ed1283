"""XLIFF 1.1 and 1.2, as translators' tools send it back, by translate-toolkit.

https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html
"""

from __future__ import annotations

from typing import Any

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException
from translate.storage.xliff import xlifffile

from catalog_import.errors import SheetRefused


def read(data: bytes) -> dict[str, Any]:
    """{"source", "target", "units": [[id, target, notes], …]}, all texts. Raises SheetRefused."""
    try:
        defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
        parse: Any = xlifffile.parsestring  # the package has no types
        store: Any = parse(data)
    except (DefusedXmlException, SyntaxError, ValueError, StopIteration) as error:
        raise SheetRefused("The file is no XLIFF", code="damaged_file") from error
    units = [
        [str(unit.getid() or ""), str(unit.target or ""), str(unit.getnotes(origin="developer"))]
        for unit in store.getunits()
    ]
    return {
        "source": str(store.getsourcelanguage() or ""),
        "target": str(store.gettargetlanguage() or ""),
        "units": units,
    }
