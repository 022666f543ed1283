"""Mails to partners: what became of an application, and a loan that is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from i18n.locales import language
from storefront_backend.notices.letter import Letter
from storefront_backend.partners.models import Application, Loan


@dataclass(frozen=True, slots=True)
class ApplicationDecided:
    """An application was approved or declined."""

    public_url: str
    name: str = "partner-application"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of applications."""
        rows = Application.objects.filter(decided_at__isnull=False, told_at=None)
        return list(rows.order_by("decided_at").values_list("pk", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """The code and the partner's page, or the reason."""
        row = Application.objects.filter(pk=key, told_at=None).select_related("partner").first()
        if row is None:
            return None
        with translation.override(language(row.language).django):
            if row.partner is None:
                text = _("We cannot take you on as a partner: %(reason)s") % {
                    "reason": row.decision
                }
                return Letter(row.email, _("Your application as a partner"), text)
            text = _(
                "You are our partner now. Your code is %(code)s, and your link is %(link)s.\n\n"
                "Clicks, commission, loans and briefs are on your page. Sign in there with this "
                "address, and choose a password with “Forgotten?” first: %(page)s"
            ) % {
                "code": row.partner.code,
                "link": f"{self.public_url}/r/{row.partner.code}",
                "page": f"{self.public_url}/desk/partner/",
            }
            return Letter(row.email, _("Welcome as a partner"), text)

    def sent(self, key: int, now: datetime) -> None:
        """Noted on the row."""
        self.refused(key, now, "")

    def refused(self, key: int, now: datetime, why: str) -> None:
        """The same, with the reason."""
        Application.objects.filter(pk=key).update(told_at=now, problem=why)


@dataclass(frozen=True, slots=True)
class LoanOverdue:
    """A piece on loan should have come back."""

    name: str = "partner-loan"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of loans."""
        rows = Loan.objects.filter(returned_at=None, reminded_at=None, due_on__lt=now.date())
        rows = rows.filter(partner__application__isnull=False)
        return list(rows.order_by("due_on").values_list("pk", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """The piece, its serial and the day."""
        row = (
            Loan.objects.filter(pk=key, returned_at=None, reminded_at=None)
            .select_related("partner__application", "variant")
            .first()
        )
        if row is None:
            return None
        person = row.partner.application
        with translation.override(language(person.language).django):
            text = _(
                "%(sku)s with the serial number %(serial)s was due on %(day)s. "
                "Please send it back insured, or write to us."
            ) % {"sku": row.variant.sku, "serial": row.serial, "day": row.due_on.isoformat()}
            return Letter(person.email, _("A piece on loan is overdue"), text)

    def sent(self, key: int, now: datetime) -> None:
        """Noted on the row."""
        self.refused(key, now, "")

    def refused(self, key: int, now: datetime, why: str) -> None:
        """The same, with the reason."""
        Loan.objects.filter(pk=key).update(reminded_at=now, problem=why)
