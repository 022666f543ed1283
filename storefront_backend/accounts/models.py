"""People: one account, and what it may do as shopper, brand member, marketer or operator."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from storefront_backend.accounts.rows import AccountMail, EmailChange, Invitation
from storefront_backend.audit.tracking import tracked

__all__ = [
    "AccountMail",
    "BrandMembership",
    "EmailChange",
    "Invitation",
    "User",
    "UserAccounts",
    "record_address",
]


class UserAccounts(BaseUserManager["User"]):
    """Creates accounts; the address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A shopper's account."""
        if not email:
            raise ValueError("An account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        record_address(user)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An operator with every right."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@tracked("email", "is_active", "is_marketer", "is_staff", "is_superuser")
class User(AbstractUser):
    """An account. `is_staff` marks an operator; brands are joined through BrandMembership."""

    username = None  # type: ignore[assignment]  # people sign in by e-mail; Django's column goes
    email = models.EmailField(unique=True)
    is_marketer = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    market = models.CharField(max_length=2, blank=True)
    # Part of what a session is checked against: another one ends all sessions at once.
    session_salt = models.CharField(max_length=22, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserAccounts] = UserAccounts()  # type: ignore[assignment]  # same cause

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.email

    def operates(self, right: str) -> bool:
        """Whether this is an operator with that right, as "orders.view_order"."""
        return self.is_active and self.is_staff and self.has_perm(right)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, over the password; and over the salt once there is one."""
        of_password: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.session_salt:
            return of_password
        value = f"{of_password} {self.session_salt}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


def record_address(user: User) -> None:
    """The account's only address, which its owner has proved or an operator has vouched for.

    Accounts are made by links in mails, by invitations and by operators, and by nothing else.
    """
    EmailAddress.objects.exclude(user=user).filter(email=user.email, verified=True).delete()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@tracked("user", "brand", "role")
class BrandMembership(models.Model):
    """A person's right to act for a brand."""

    class Role(models.TextChoices):
        """Owners invite people; editors change pieces and orders; readers look."""

        OWNER = "owner"
        EDITOR = "member"  # the stored word is from before the role had its name
        READER = "reader"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    brand = models.ForeignKey("catalog.Brand", on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        ordering = ("brand", "user")
        constraints = (
            models.UniqueConstraint(fields=("user", "brand"), name="one_membership_a_brand"),
        )

    def __str__(self) -> str:
        return f"{self.user} at {self.brand}: {self.role}"
