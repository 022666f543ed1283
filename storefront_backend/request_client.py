"""Who a request comes from, as limits count it and rows may keep it: a name, not the address."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_of(request: HttpRequest) -> str:
    """The same 32 characters for the same client; nobody reads the address back out of them."""
    address = request.META.get("REMOTE_ADDR", "")
    if not address:
        return ""
    return salted_hmac("pavilion.client", address, algorithm="sha256").hexdigest()[:32]
