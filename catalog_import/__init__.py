"""Sheet in, a plan out: every problem with its cell, nothing written until the plan is applied.

result = check(Path("catalogue.xlsx"), options=CheckOptions(earlier=sink.existing()))
changes = plan_check(result, sink.existing())
report = apply(changes, sink)
"""

from catalog_import.answers import Answers
from catalog_import.checks import CheckOptions, CheckResult, check
from catalog_import.drafts import ProductDraft, VariantDraft
from catalog_import.file_names import HasModel, in_folder
from catalog_import.media import Attachment
from catalog_import.plan import (
    ImportReport,
    Plan,
    PriceGuard,
    PriceMove,
    Progress,
    apply,
    plan_check,
)
from catalog_import.problems import Problem, Severity
from catalog_import.recognition import Recognition
from catalog_import.sink import MemorySink, Refused, Sink

__all__ = [
    "Answers",
    "Attachment",
    "CheckOptions",
    "CheckResult",
    "HasModel",
    "ImportReport",
    "MemorySink",
    "Plan",
    "PriceGuard",
    "PriceMove",
    "Problem",
    "ProductDraft",
    "Progress",
    "Recognition",
    "Refused",
    "Severity",
    "Sink",
    "VariantDraft",
    "apply",
    "check",
    "in_folder",
    "plan_check",
]
