"""What a rate limit raises."""

from __future__ import annotations

from storefront_backend.commerce.errors import CommerceError


class TooManyRequests(CommerceError):
    """The limit is used up; `wait` says for how many seconds."""

    code = "too_many_requests"
    retry = True

    def __init__(self, wait: int) -> None:
        super().__init__("Too many requests", hint=f"Try again in {wait} seconds")
        self.wait = wait
