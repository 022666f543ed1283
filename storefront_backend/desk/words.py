"""The words for codes, each for a translator to find."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

type Words = Mapping[str, str | Promise]

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "kind": {
            "ring": _("Ring"),
            "bangle": _("Bangle"),
            "bracelet": _("Bracelet"),
            "pendant": _("Pendant"),
            "necklace": _("Necklace"),
            "earrings": pgettext_lazy("one piece", "Earrings"),
            "chain": _("Chain"),
            "brooch": _("Brooch"),
        },
        "cell": {
            "live": _("Live"),
            "blocked": _("Blocked"),
            "waiting": _("Checking"),
            "unwanted": _("Not offered"),
        },
        "campaign": {
            "draft": _("Draft"),
            "scheduled": _("Scheduled"),
            "live": _("Live"),
            "ended": _("Ended"),
        },
        "order": {
            "unfulfilled": _("To send"),
            "partially_fulfilled": _("Partly sent"),
            "fulfilled": _("Sent"),
            "canceled": _("Cancelled"),
            "returned": _("Returned"),
        },
        "parcel": {
            "waiting": _("To send"),
            "fulfilled": _("Sent"),
            "canceled": _("Cancelled"),
        },
        "build": {
            "queued": _("Queued"),
            "running": _("Running"),
            "done": _("Done"),
            "refused": _("Refused"),
            "failed": _("Failed"),
            "canceled": _("Cancelled"),
        },
        "sheet": {
            "checking": pgettext_lazy("a sheet", "Checking"),
            "checked": pgettext_lazy("a sheet", "Checked"),
            "applying": pgettext_lazy("a sheet", "Applying"),
            "done": pgettext_lazy("a sheet", "Applied"),
            "failed": pgettext_lazy("a sheet", "Failed"),
        },
        "change": {
            "create": _("New"),
            "update": _("Changed"),
            "withdraw": _("Withdrawn"),
            "stopped": _("Stopped by a market"),
        },
        "verdict": {
            "live": _("May be sold"),
            "open": _("Allowed, not offered"),
            "blocked": _("Blocked"),
        },
        "undo": {
            "checking": pgettext_lazy("an undo", "Planning"),
            "checked": pgettext_lazy("an undo", "Planned"),
            "applying": pgettext_lazy("an undo", "Undoing"),
            "done": pgettext_lazy("an undo", "Undone"),
            "failed": pgettext_lazy("an undo", "Failed"),
        },
        "undoing": {
            "restore": _("Goes back"),
            "return": _("On sale again"),
            "delete": _("Removed"),
            "withdraw": _("Withdrawn"),
        },
        "phase": {
            "reading": _("Reading the file"),
            "checking": _("Checking the rows"),
            "planning": _("Asking the markets"),
            "writing": _("Writing the pieces"),
            "stock": _("Setting the stock"),
        },
        "field": {
            "alloy": _("Alloy"),
            "collection": _("Collection"),
            "descriptions": _("Description"),
            "fixed": _("Fixed price"),
            "grams": _("Metal, g"),
            "kind": _("Kind"),
            "made_to_order_days": _("Days to make"),
            "margin_percent": _("Margin, %"),
            "markets": _("Markets"),
            "making": _("Making charge"),
            "model_file": _("3D file"),
            "names": _("Name"),
            "order": _("Order of the variants"),
            "ring_size_label": _("Ring size"),
            "sku": "SKU",
            "stock": _("Stock"),
            "stones": _("Stones"),
        },
        "text": {
            "missing": pgettext_lazy("a text", "Missing"),
            "stale": pgettext_lazy("a text", "Stale"),
            "drafted": pgettext_lazy("a text", "Draft"),
            "done": pgettext_lazy("a text", "Done"),
        },
        "movement": {
            "sale": _("Sale"),
            "fulfilment": _("Parcel sent"),
            "refund": _("Refund"),
            "payout": pgettext_lazy("ledger", "Payout"),
            "provider-refund": _("Refund at the provider"),
            "dispute": _("Dispute"),
            "dispute-fee": _("Dispute fee"),
            "write-off": _("Write-off"),
            "partner-earning": _("Partner's commission"),
            "partner-charge": _("Partners' commission"),
            "partner-payout": _("Payout to a partner"),
        },
        "signal": {
            "one-address": _("Many orders to one address"),
            "return-after-payout": _("Returned after the payout"),
            "self-purchase": _("Bought by the partner"),
        },
        "content": {
            "handed-in": _("Waits for its check"),
            "accepted": pgettext_lazy("content", "Accepted"),
            "refused": pgettext_lazy("content", "Refused"),
        },
        "role": {
            "owner": _("Owner"),
            "member": _("Editor"),
            "reader": _("Reader"),
        },
    }
)
