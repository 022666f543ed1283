"""Rows about people besides the account itself: invitations, mails to send, changes of address."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

# The stored words are those of BrandMembership.Role.
ROLES = (("owner", "Owner"), ("member", "Editor"), ("reader", "Reader"))


class Invitation(models.Model):
    """An invitation to a brand, sent by mail. It is open until it is accepted, revoked or expires.

    The token is made when the mail is written and is stored as a digest only: a later mail makes
    an earlier link invalid.
    """

    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=ROLES)
    language = models.CharField(max_length=10, default="en")
    token_digest = models.CharField(max_length=64, blank=True, db_index=True)
    # None: an operator's. The person may leave the brand, and the invitation stays.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mail_wanted_at = models.DateTimeField(null=True)  # None: nothing to send
    mailed_at = models.DateTimeField(null=True)
    undeliverable = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("brand", "email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("mail_wanted_at",),
                condition=Q(mail_wanted_at__isnull=False),
                name="invitations_to_mail",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.brand}: {self.role}"


class EmailChange(models.Model):
    """A wish for another address, made good when the old and the new one have confirmed it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_change"
    )
    old = models.EmailField()
    new = models.EmailField()
    expires_at = models.DateTimeField()
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.old} to {self.new}"


class AccountMail(models.Model):
    """A mail about an account, waiting to be sent. No link or token is stored in it.

    `kind` is one of notices.desk.account_letters; for a password's it may be to an address
    without an account: to whom nothing is sent, so that the asker learns nothing.
    """

    kind = models.CharField(max_length=40)
    email = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("created_at", "pk")
        indexes: ClassVar = [
            models.Index(
                fields=("created_at",), condition=Q(done_at=None), name="account_mails_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.email}"
