"""What django-allauth asks of us: words, mails, where to go, and how secrets are stored."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from storefront_backend.accounts.models import User
from storefront_backend.accounts.second_factor import FACTORS, must_have_one
from storefront_backend.accounts.sign_in import mark_signed_in
from storefront_backend.desk.own.words import ERRORS, SAID
from storefront_backend.jobs.account_mails import tell_of_account
from storefront_backend.saleor_rows.sealing import seal, unseal
from storefront_backend.throttle.client import UNKNOWN, client_address

_TOTP = "second factors"
_NO_ADDRESS = "0.0.0.0"  # noqa: S104 - what a row says where the connection has no address


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: signing in, mails, messages."""

    error_messages = DefaultAccountAdapter.error_messages | ERRORS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin with an invitation here, and with a link in a mail in the shop."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Django empties the session of another account: what was just proved stays."""
        records = get_authentication_records(request, user)
        super().login(request, user)
        if records and not get_authentication_records(request, user):
            for each in records:
                given = {key: value for key, value in each.items() if key not in ("method", "at")}
                record_authentication(request, user, each["method"], **given)

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        """Who has just signed in need not do it again to change the account's security."""
        record_authentication(request, user, "sign-in", reauthenticated=True)
        mark_signed_in(request, user.email)
        return super().post_login(request, user, **given)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """By the account's own address, behind the same limits as signing in."""
        from allauth.core import context  # the request of this thread

        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Only the holder of a passkey gets here: a closed account's password is just wrong."""
        messages.error(request, gettext("This account is closed."))
        return HttpResponseRedirect(reverse("account_login"))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where nothing else was wanted."""
        return reverse("brand-desk:entrance")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account."""
        return reverse("mfa_index")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's, as the limits know it."""
        address = client_address(request)
        return _NO_ADDRESS if address == UNKNOWN else address

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our own words; what has none is not worth saying."""
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the account's owner what was changed."""
        self.send_mail(template_prefix, user.email, {"user": user})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox, like every other mail."""
        tell_of_account(template_prefix.rpartition("/")[2], email, context.get("user"))


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: names, words, and their secrets sealed."""

    error_messages = DefaultMFAAdapter.error_messages | ERRORS

    def encrypt(self, text: str) -> str:
        """A dump of the database alone is no second factor."""
        return seal(text, _TOTP)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises CannotOpen where SECRET_KEY was changed without SECRET_KEY_FALLBACKS."""
        return unseal(encrypted_text, _TOTP)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of those who must have one: they add another first."""
        user = User.objects.get(pk=authenticator.user_id)
        others = Authenticator.objects.filter(user=user, type__in=FACTORS)
        return not must_have_one(user) or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A passkey's name, until its owner gives it another."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site, under the name that people know it by."""
        return super().get_public_key_credential_rp_entity() | {"name": "Pavilion"}
