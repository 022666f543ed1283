"""The errors of this package.

    ConfinementError
    ├── NotStarted     not_started    no confined process could be started; trying again may help
    └── Unconfined     not_confined   this machine offers no confinement, and it was required

What a file does to the process that reads it is no error here but its `Outcome`.
"""


class ConfinementError(Exception):
    """Base of the package's errors: a code for programs, sentences for people."""

    code = "confinement_error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotStarted(ConfinementError):
    """No confined process could be started."""

    code = "not_started"


class Unconfined(ConfinementError):
    """This machine offers no confinement, and it was required."""

    code = "not_confined"
