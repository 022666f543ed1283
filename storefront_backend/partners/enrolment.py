"""Applying, agreeing to the terms, and a marketer's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from i18n.locales import text_in
from storefront_backend.accounts.models import User
from storefront_backend.campaigns.models import Partner
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.orders.models import PromoCode
from storefront_backend.partners.models import Acceptance, Application, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What somebody says of themselves. `channels` are addresses of what they publish."""

    name: str
    email: str
    kind: str
    channels: str
    market: str
    language: str
    message: str = ""
    address: Mapping[str, str] | None = None


def apply(applicant: Applicant, terms: Terms, now: datetime) -> bool:
    """Keep an application with the terms it accepts; false where the address has one already.

    The answer to the outside is the same, so that it tells no outsider who is a partner.
    """
    email = checked_address(applicant.email).lower()
    try:
        with transaction.atomic():
            row = Application.objects.create(
                name=applicant.name[:80],
                email=email,
                kind=applicant.kind,
                channels=applicant.channels[:1000],
                message=applicant.message[:1000],
                market=applicant.market,
                language=applicant.language,
                address=dict(applicant.address) if applicant.address else None,
                created_at=now,
            )
            accept(row, terms, applicant.language, now)
    except IntegrityError:
        return False
    return True


def accept(row: Application, terms: Terms, language: str, now: datetime) -> Acceptance:
    """Keep that the person agreed, with the text as it was shown; once a version."""
    found, _ = Acceptance.objects.get_or_create(
        application=row,
        terms=terms,
        defaults={
            "version": terms.version,
            "language": language,
            "text": text_in(terms.texts, language),
            "accepted_at": now,
        },
    )
    return found


def approve(application_id: int, *, code: str, by: int, now: datetime) -> Partner:
    """Make the applicant a partner under that code; idempotent. Raises InvalidRequest."""
    with transaction.atomic():
        row = Application.objects.select_for_update().get(pk=application_id)
        if row.partner is not None:
            return row.partner
        _check_open(row)
        if not row.acceptances.exists():
            raise InvalidRequest("The applicant has accepted no terms", field="state")
        # Promo codes are typed into the same field, and are looked for first.
        taken = PromoCode.objects.filter(code__iexact=code).exists()
        if taken or Partner.objects.filter(code__iexact=code).exists():
            raise InvalidRequest(f"The code {code} is taken", field="code")
        row.partner = Partner.objects.create(code=code, name=row.name, kind=row.kind)
        row.state, row.decided_at, row.decided_by_id = Application.State.APPROVED, now, by
        row.save(update_fields=("partner", "state", "decided_at", "decided_by"))
        return row.partner


def decline(application_id: int, *, reason: str, by: int, now: datetime) -> None:
    """Decline, with the reason that the applicant is told. Raises InvalidRequest."""
    if not reason.strip():
        raise InvalidRequest("Say why", field="reason")
    with transaction.atomic():
        row = Application.objects.select_for_update().get(pk=application_id)
        if row.state == Application.State.DECLINED:
            return
        _check_open(row)
        row.state, row.decision = Application.State.DECLINED, reason.strip()[:300]
        row.decided_at, row.decided_by_id = now, by
        row.save(update_fields=("state", "decision", "decided_at", "decided_by"))


def application_of(user: User) -> Application | None:
    """The approved application of an account: joined before, or by the address it has proved."""
    if not user.is_active:
        return None
    approved = Application.objects.filter(state=Application.State.APPROVED).select_related(
        "partner"
    )
    found = approved.filter(user=user).first()
    if found is not None:
        return found
    # Accounts are made by links in mails only, so the address is the person's.
    found = approved.filter(user=None, email__iexact=user.email).first()
    if found is not None:
        joined = Application.objects.filter(pk=found.pk, user=None).update(user=user)
        return found if joined else None
    return None


def _check_open(row: Application) -> None:
    if row.state != Application.State.OPEN:
        raise InvalidRequest(f"The application is {row.state} already", field="state")
