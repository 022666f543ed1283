"""What was wrong with a mutation, as its payload's `errors` say it."""

from __future__ import annotations

import graphene

from storefront_backend.commerce.errors import CommerceError, InvalidAddress, PaymentDeclined


class Error(graphene.ObjectType):
    """What was wrong: the field, a stable code, a sentence."""

    field = graphene.String(required=True)
    code = graphene.String(required=True)
    message = graphene.String(required=True)
    index = graphene.Int(description="Which of several, counted from 0, where it is about one.")
    reason = graphene.String(
        description="Why a payment was declined: declined, insufficient_funds, limit_exceeded, "
        "expired_card, wrong_details, not_supported, authentication_failed, try_again."
    )


def errors_of(error: CommerceError) -> list[Error]:
    """One line a faulty field."""
    if isinstance(error, InvalidAddress):
        return [
            Error(field=field, code=error.code, message=message)
            for field, message in error.fields.items()
        ]
    return [
        Error(
            field=error.field,
            code=error.code,
            message=error.message,
            index=error.index,
            reason=error.reason if isinstance(error, PaymentDeclined) else None,
        )
    ]
