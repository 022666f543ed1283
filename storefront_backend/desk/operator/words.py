"""The words for codes that operators read, each for a translator to find."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront_backend.desk import words

type Words = Mapping[str, str | Promise]

ACTS: Words = {
    "send": _("Parcel sent"),
    "cancel": _("Order cancelled"),
    "refund": _("Refunded"),
    "note": _("Note"),
    "resend": _("Letter sent again"),
    "check-events": _("Payment events checked"),
    "settle": _("Payment asked for"),
    "give-up": _("Payment released"),
    "retry-request": _("Request to the provider repeated"),
    "allocate": _("Money allocated"),
    "write-off": _("Written off"),
    "payout": _("Payout booked"),
    "take-rates": _("Rates taken"),
    "refuse-rates": _("Rates refused"),
    "take-prices": _("Sheet prices taken"),
    "refuse-prices": _("Sheet prices refused"),
    "invite": _("Invited"),
    "limits": _("Limits changed"),
    "suspend": _("Suspended"),
    "unsuspend": _("Suspension lifted"),
    "marketer": _("Made a marketer"),
    "no-marketer": _("Marketer's right taken back"),
    "relist": _("Relisting ordered"),
    "retry": _("Tried again"),
    "drop": _("Discarded"),
    "build-retry": _("Build tried again"),
    "build-stop": _("Build stopped"),
    "build-show": _("Build shown"),
    "conflict": _("Conflict resolved"),
    "change": _("Changed"),
    "create": _("Created"),
}

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "act": ACTS,
        "flag": {
            "disputed": _("Disputed"),
            "unpaid": _("Unpaid"),
            "refunded": _("Refunded, not sent"),
            "mismatch": _("Payment does not fit"),
        },
        "payment": {
            "requested": _("Requested"),
            "pending": _("Pending"),
            "authorized": _("Held"),
            "charged": _("Charged"),
            "failed": _("Failed"),
            "canceled": _("Cancelled"),
            "refunded": _("Refunded"),
        },
        "dispute": {"open": _("Dispute open"), "won": _("Dispute won"), "lost": _("Dispute lost")},
        "event": {
            "pending": _("Pending"),
            "authorized": _("Held"),
            "charged": _("Charged"),
            "refunded": _("Refunded"),
            "declined": _("Declined"),
            "failed": _("Failed"),
            "canceled": _("Released"),
            "disputed": _("Disputed"),
            "refund_failed": _("Refund failed"),
            "dispute_won": _("Dispute won"),
            "dispute_lost": _("Dispute lost"),
            "dispute_withdrawn": _("Disputed money withdrawn"),
            "dispute_reinstated": _("Disputed money put back"),
        },
        "refund": {
            "cancellation": _("Cancelled before sending"),
            "return": _("Returned"),
            "allowance": _("Allowance"),
        },
        "request": {
            "capture": _("Capture"),
            "refund": _("Refund"),
            "cancel": _("Release"),
        },
        "answer": {
            "asked": _("No answer yet"),
            "done": _("Done"),
            "refused": _("Refused"),
        },
        "part": {
            "goods": _("Goods"),
            "shipping": _("Shipping"),
            "duty": _("Duty"),
            "tax": _("Tax"),
        },
        "account": {
            "provider": _("At the payment provider"),
            "bank": _("Bank"),
            "brand-held": _("Brand's, not due"),
            "brand-payable": _("Brand's, due"),
            "carriers": _("Carriers"),
            "duty": _("Duty"),
            "tax": _("Tax"),
            "commission": _("Commission"),
            "commission-tax": _("Tax on commission"),
            "unallocated": _("Not allocated"),
            "disputed": _("Disputed"),
            "provider-fees": _("Provider's fees"),
            "loss": _("The shop's loss"),
        },
        "movement": words.WORDS["movement"],
        "letter": {"confirmation": _("Order confirmation"), "parcel": _("Parcel on its way")},
    }
)
