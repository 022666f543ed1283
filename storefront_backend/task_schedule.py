"""What the database queue starts by the clock; what runs each minute is in `jobs.sweep.STEPS`."""

from __future__ import annotations

from collections.abc import Mapping

_JOBS = "storefront_backend.jobs"


def _run(task: str, schedule: str, description: str) -> Mapping[str, str]:
    return {
        "task_path": f"{_JOBS}.{task}",
        "schedule": schedule,
        "description": description,
    }


RECURRING = {
    "sweep": _run("sweep.sweep", "every minute", "Finish what killed processes left half done"),
    "rates": _run(
        "repricing.follow_rates",
        "every 5 minutes",
        "Let new metal and exchange rates move the prices",
    ),
    "confirmations": _run(
        "notice_confirmations.forget_unconfirmed",
        "every hour",
        "Forget notices that were not confirmed in time",
    ),
    "limits": _run(
        "limits.forget_counters",
        "every 10 minutes",
        "Forget the counters of rate limits whose time is over",
    ),
    "campaigns": _run(
        "campaigns.keep_claims",
        "every hour",
        "Make campaigns drafts whose claims have become forbidden",
    ),
    "saleor": _run(
        "saleor_reconcile.reconcile",
        "every hour",
        "Find and heal what has drifted apart from Saleor",
    ),
}
