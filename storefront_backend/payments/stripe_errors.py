"""Errors of the Stripe SDK as errors of commerce."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from storefront_backend.commerce.errors import (
    InvalidRequest,
    NotFound,
    PaymentDeclined,
    ProviderError,
    ProviderUnavailable,
)
from storefront_backend.payments.declines import reason_of


@contextmanager
def translated() -> Iterator[None]:
    """Around every call of the SDK.

    Raises ProviderUnavailable where the same call may work later (no answer, 429, 5xx, or the same
    idempotency key in flight), PaymentDeclined, NotFound, InvalidRequest, else ProviderError.
    """
    try:
        yield
    except stripe.CardError as error:
        raise PaymentDeclined(
            "The payment was declined", reason=reason_of(_decline_code(error), error.code)
        ) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderError(
            "Stripe does not accept our key", hint="Check STRIPE_SECRET_KEY and its permissions"
        ) from error
    except stripe.IdempotencyError as error:
        raise InvalidRequest(
            "That reference was used for another request", field="reference"
        ) from error
    except stripe.InvalidRequestError as error:
        if error.http_status == 404:
            raise NotFound("Stripe has no such payment", field="provider_id") from error
        raise InvalidRequest(_message_of(error), field=error.param or "") from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if (
            isinstance(error, stripe.APIConnectionError | stripe.RateLimitError)
            or status == 409
            or status >= 500
        ):
            raise ProviderUnavailable("Stripe does not answer at the moment") from error
        raise ProviderError(_message_of(error)) from error


def _decline_code(error: stripe.StripeError) -> str | None:
    return getattr(error.error, "decline_code", None)


def _message_of(error: stripe.StripeError) -> str:
    return error.user_message or "Stripe refused the request"
