"""The errors of this package.

    CatalogImportError
    ├── SheetRefused      the file may not be opened: hostile, damaged, too big, no sheet at all
    ├── ReaderFailed      no confined child could be started; the file may be fine, try again
    └── PlanRefused       a plan with errors may not be applied whole

Each carries a stable `code`. What is wrong *inside* a readable sheet is never raised: it is a
`catalog_import.problems.Problem`, and all of them come back at once.
"""


class CatalogImportError(Exception):
    """Base of the package's errors: a stable code for programs, a sentence and a way out."""

    code = "catalog_import_error"
    retry = False

    def __init__(
        self, message: str, *, code: str = "", hint: str = "", retry: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code
        self.retry = retry


class SheetRefused(CatalogImportError):
    """The file may not be opened; `code` names why ("zip_bomb", "macros", "not_a_sheet", …)."""

    code = "sheet_refused"


class ReaderFailed(CatalogImportError):
    """No confined reader could be started, for no fault of the file's."""

    code = "not_started"


class PlanRefused(CatalogImportError):
    """The plan carries errors and was not asked to apply the valid products alone."""

    code = "plan_refused"
