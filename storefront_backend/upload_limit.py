"""Bounds the files that come with a form, before they fill memory or the disk.

Django reads a form's files ahead of every view, and bounds its fields alone. What is over
IMPORT_MAX_BYTES, all files of a form together, is read from the line and dropped; the view then
finds the form's fields (the CSRF token is the first) without the file.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class BoundedUpload(FileUploadHandler):
    """Counts, and leaves keeping the files to the handlers behind it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._came = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand the bytes on while there are not too many."""
        self._came += len(raw_data)
        if self._came > settings.IMPORT_MAX_BYTES:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The file is another handler's."""
