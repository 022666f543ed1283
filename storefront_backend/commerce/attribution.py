"""Who sent the shopper: a partner's code wins over a link, and the last link counts for a while."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Way(StrEnum):
    """How a shopper named a partner."""

    CODE = "code"
    LINK = "link"


class Refusal(StrEnum):
    """Why a partner earns nothing on an order that names them."""

    OWN_ACCOUNT = "own-account"
    OWN_MAIL = "own-mail"
    OWN_ADDRESS = "own-address"


@dataclass(frozen=True, slots=True)
class Touch:
    """A partner's code, how the shopper came by it, and when."""

    code: str
    way: Way
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What tells one person from another. An address has the field names of i18n.addresses."""

    user_id: int | None = None
    email: str = ""
    address: Mapping[str, str] | None = None


def winner(
    code: Touch | None, link: Touch | None, *, now: datetime, window: timedelta
) -> Touch | None:
    """The touch that counts: the code, or else the last link while its window lasts."""
    if code is not None:
        return code
    if link is None or link.at > now or now - link.at > window:
        return None
    return link


def self_purchase(partner: Person, shopper: Person) -> Refusal | None:
    """Why the shopper is the partner, or None: the account, the mailbox, or the address."""
    if partner.user_id is not None and partner.user_id == shopper.user_id:
        return Refusal.OWN_ACCOUNT
    if partner.email and mailbox(partner.email) == mailbox(shopper.email):
        return Refusal.OWN_MAIL
    mine = address_key(partner.address)
    if mine and mine == address_key(shopper.address):
        return Refusal.OWN_ADDRESS
    return None


def mailbox(email: str) -> str:
    """The mailbox behind an address: case and what follows a "+" make no other one."""
    name, _, domain = email.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def address_key(address: Mapping[str, str] | None) -> str:
    """One text for one door, however it is written; empty without a street."""
    if not address or not address.get("street_address"):
        return ""
    parts = (address.get(name, "") for name in ("country", "postal_code", "city", "street_address"))
    return "|".join(_squeezed(part) for part in parts)


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
