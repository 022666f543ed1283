"""Sheet in, a plan out: every problem with its cell, nothing written until the plan is applied.

result = check(Path("catalogue.xlsx"), terms=Terms(earlier=sink.existing()))
changes = plan_check(result, sink.existing())
report = apply(changes, sink)
"""

from catalog_import.checks import CheckResult, HasModel, Terms, check, in_folder
from catalog_import.drafts import PriceDraft, ProductDraft, VariantDraft
from catalog_import.plan import ImportReport, Plan, PriceGuard, PriceMove, apply, plan_check
from catalog_import.problems import Problem, Severity
from catalog_import.sink import MemorySink, Sink

__all__ = [
    "CheckResult",
    "HasModel",
    "ImportReport",
    "MemorySink",
    "Plan",
    "PriceDraft",
    "PriceGuard",
    "PriceMove",
    "Problem",
    "ProductDraft",
    "Severity",
    "Sink",
    "Terms",
    "VariantDraft",
    "apply",
    "check",
    "in_folder",
    "plan_check",
]
