"""Stripe's decline codes in the few words that a shop can act on.

Source: https://docs.stripe.com/declines/codes and https://docs.stripe.com/error-codes, read
2026-11-24. What is not listed is DECLINED: among it `fraudulent`, `lost_card` and `stolen_card`,
which Stripe asks to present "as a generic decline".
"""

from __future__ import annotations

from storefront_backend.commerce.payments import DeclineReason

_BY_REASON: dict[DeclineReason, tuple[str, ...]] = {
    DeclineReason.INSUFFICIENT_FUNDS: ("insufficient_funds",),
    DeclineReason.LIMIT_EXCEEDED: (
        "card_velocity_exceeded",
        "withdrawal_count_limit_exceeded",
        "pin_try_exceeded",
    ),
    DeclineReason.EXPIRED_CARD: ("expired_card",),
    DeclineReason.WRONG_DETAILS: (
        "incorrect_number",
        "invalid_number",
        "incorrect_cvc",
        "invalid_cvc",
        "incorrect_zip",
        "incorrect_address",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_account",
    ),
    DeclineReason.NOT_SUPPORTED: (
        "card_not_supported",
        "currency_not_supported",
        "not_permitted",
        "service_not_allowed",
        "transaction_not_allowed",
        "invalid_amount",
    ),
    DeclineReason.AUTHENTICATION_FAILED: (
        "authentication_required",
        "payment_intent_authentication_failure",
    ),
    DeclineReason.TRY_AGAIN: (
        "try_again_later",
        "processing_error",
        "issuer_not_available",
        "reenter_transaction",
        "approve_with_id",
    ),
}
_BY_CODE = {code: reason for reason, codes in _BY_REASON.items() for code in codes}


def reason_of(decline_code: str | None, error_code: str | None = None) -> DeclineReason:
    """The reason behind an error of Stripe; its decline code says more than its error code."""
    for code in (decline_code, error_code):
        if code in _BY_CODE:
            return _BY_CODE[code]
    return DeclineReason.DECLINED
