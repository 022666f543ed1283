"""The letter that invites a person to a brand, in the language that the inviter chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from i18n.locales import language, text_in
from storefront_backend.accounts.invitations import new_token
from storefront_backend.accounts.models import Invitation
from storefront_backend.notices.letter import Letter
from storefront_backend.throttle.errors import TooManyRequests
from storefront_backend.throttle.limiter import take


@dataclass(frozen=True, slots=True)
class Invited:
    """An open invitation that has to be mailed."""

    public_url: str
    name: str = "invitation"

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of invitations."""
        rows = Invitation.objects.filter(
            mail_wanted_at__isnull=False, accepted_at=None, revoked_at=None, expires_at__gt=now
        )
        return list(rows.order_by("mail_wanted_at").values_list("pk", flat=True)[:most])

    def write(self, key: int) -> Letter | None:
        """With a fresh token, whose digest alone is stored."""
        rows = Invitation.objects.select_related("brand", "invited_by")
        row = rows.filter(
            pk=key, mail_wanted_at__isnull=False, accepted_at=None, revoked_at=None
        ).first()
        if row is None:
            return None
        try:
            take("invitation-mail", row.email)
        except TooManyRequests:
            return None  # later: it stays wanted
        with translation.override(language(row.language).django):
            return self._letter(row)

    def sent(self, key: int, now: datetime) -> None:
        """It is sent once, until somebody wants it sent again."""
        Invitation.objects.filter(pk=key).update(mailed_at=now, mail_wanted_at=None)

    def refused(self, key: int, now: datetime, why: str) -> None:
        """The brand's owners see it in their list."""
        Invitation.objects.filter(pk=key).update(undeliverable=why, mail_wanted_at=None)

    def _letter(self, row: Invitation) -> Letter:
        brand = text_in(row.brand.names, row.language) or row.brand.slug
        link = f"{self.public_url.rstrip('/')}/desk/invitation/?t={new_token(row.pk)}"
        role = {
            "owner": pgettext("invited as", "owner"),
            "member": pgettext("invited as", "editor"),
            "reader": pgettext("invited as", "reader"),
        }[row.role]
        by = row.invited_by
        named = {
            "brand": brand,
            "role": role,
            "name": (by.get_full_name() or by.email) if by else "",
        }
        said = (
            _("%(name)s invites you to the desk of %(brand)s at Pavilion, as %(role)s.")
            if by
            else _("You are invited to the desk of %(brand)s at Pavilion, as %(role)s.")
        )
        lines = [
            said % named,
            _("Open this link to join: %(address)s") % {"address": link},
            _("The link works once, for 7 days."),
            _("If you do not know the brand, you can ignore this message."),
        ]
        subject = _("Invitation to %(brand)s at Pavilion") % named
        return Letter(row.email, subject, "\n\n".join(lines) + "\n")
