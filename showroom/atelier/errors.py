"""The errors of the atelier.

AtelierError
├── NotASolid        a building block left a hole in its surface
├── UnknownFormat    a file format that nothing here writes
└── UnknownPiece     a code that no piece bears
"""


class AtelierError(Exception):
    """Base: a stable code for programs, a sentence and a hint for people."""

    code = "atelier_error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotASolid(AtelierError):
    """A building block that is not closed cannot be cast or weighed."""

    code = "not_a_solid"


class UnknownFormat(AtelierError):
    """No writer for this format."""

    code = "unknown_format"


class UnknownPiece(AtelierError):
    """No piece bears this code."""

    code = "unknown_piece"
