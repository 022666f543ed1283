"""Sheet in, a plan out: every problem with its cell, nothing written until the plan is applied.

result = check(Path("catalogue.xlsx"))
changes = plan_check(result, sink.existing())
report = apply(changes, sink)
"""

from catalog_import.checks import CheckResult, check
from catalog_import.drafts import PriceDraft, ProductDraft, VariantDraft
from catalog_import.plan import ImportReport, Plan, apply, plan_check
from catalog_import.problems import Problem, Severity
from catalog_import.sink import JsonFileSink, MemorySink, Sink

__all__ = [
    "CheckResult",
    "ImportReport",
    "JsonFileSink",
    "MemorySink",
    "Plan",
    "PriceDraft",
    "Problem",
    "ProductDraft",
    "Severity",
    "Sink",
    "VariantDraft",
    "apply",
    "check",
    "plan_check",
]
