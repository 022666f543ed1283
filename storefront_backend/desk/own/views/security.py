"""The account: second factor, passkeys, recovery codes, password, sessions, language."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from storefront_backend.accounts import second_factor, sessions
from storefront_backend.accounts.models import User
from storefront_backend.desk.languages import DESK_LANGUAGES, remember_language
from storefront_backend.desk.own.adapter import FactorAdapter
from storefront_backend.desk.own.browsers import browser_of

_ACCOUNT = reverse_lazy("mfa_index")
_Kind = Authenticator.Type


def person(request: HttpRequest) -> User:
    """Who is signed in: `own_page` has seen to it."""
    assert isinstance(request.user, User)
    return request.user


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    user = person(request)
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    recovery = next((each for each in found if each.type == _Kind.RECOVERY_CODES), None)
    context = {
        "owes": second_factor.owes_one(user),
        "must": second_factor.must_have_one(user),
        "app": next((each for each in found if each.type == _Kind.TOTP), None),
        "passkeys": [
            {"row": each, "name": each.wrap().name} for each in found if each.type == _Kind.WEBAUTHN
        ],
        "codes_left": len(recovery.wrap().get_unused_codes()) if recovery else None,
        "sessions": [
            {"session": each, "browser": browser_of(each.device)}
            for each in sessions.listed(request, user)
        ],
        "change": getattr(user, "email_change", None),
    }
    return TemplateResponse(request, "desk/own/account.html", context)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out in one other place, or in all of them."""
    user = person(request)
    key = request.POST.get("session", "")
    if key.isdecimal():
        if not sessions.end_one(user, int(key)):
            raise Http404(key)
    else:
        sessions.end_others(request, user)
    messages.success(request, gettext("Signed out there."))
    return redirect("mfa_index")


@require_POST
def change_self(request: HttpRequest) -> HttpResponse:
    """The name, and the language of pages and mails."""
    user = person(request)
    name = " ".join(request.POST.get("name", "").split())[:150]
    language = request.POST.get("language", "")
    response = redirect("mfa_index")
    fields = {}
    if name and name.isprintable():
        fields["first_name"], fields["last_name"] = name, ""
    if language in DESK_LANGUAGES:
        fields["language"] = language
        remember_language(request, response, language)
    User.objects.filter(pk=user.pk).update(**fields)
    messages.success(request, gettext("Saved."))
    return response


class ActivateApp(totp.ActivateTOTPView):
    """An authenticator app, proved by its first code."""

    template_name = "desk/own/app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """The session has proved it: other sessions of the account have to sign in again."""
        response = super().form_valid(form)
        second_factor.prove(self.request, person(self.request), _Kind.TOTP)
        return response


class AddPasskey(passkeys.AddWebAuthnView):
    """A passkey that signs in by itself: kept on the device, and asking for its owner."""

    template_name = "desk/own/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the options of a passkey rather than of a bare security key."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(person(self.request), passwordless=True)
        return context | {"js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        """As above."""
        response = super().form_valid(form)
        second_factor.prove(self.request, person(self.request), _Kind.WEBAUTHN)
        return response


class RemovePasskey(passkeys.RemoveWebAuthnView):
    """Remove one; not the last factor of those who must have one."""

    template_name = "desk/own/passkey_remove.html"
    success_url = _ACCOUNT

    def form_valid(self, form: Any) -> HttpResponse:
        """Look first whether another one is left."""
        adapter = FactorAdapter()
        if not adapter.can_delete_authenticator(self.object):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        return super().form_valid(form)


activate_app = ActivateApp.as_view()
remove_app = totp.DeactivateTOTPView.as_view(template_name="desk/own/app_remove.html")
add_passkey = AddPasskey.as_view()
rename_passkey = passkeys.EditWebAuthnView.as_view(
    template_name="desk/own/passkey_name.html", success_url=_ACCOUNT
)
remove_passkey = RemovePasskey.as_view()
show_codes = codes.ViewRecoveryCodesView.as_view(template_name="desk/own/codes.html")
new_codes = codes.GenerateRecoveryCodesView.as_view(template_name="desk/own/codes_new.html")
download_codes = codes.DownloadRecoveryCodesView.as_view(template_name="desk/own/codes.txt")
confirm_password = account.ReauthenticateView.as_view(template_name="desk/own/confirm.html")
confirm_code = factors.ReauthenticateView.as_view(template_name="desk/own/confirm.html")
confirm_passkey = passkeys.ReauthenticateWebAuthnView.as_view(template_name="desk/own/confirm.html")
change_password = account.PasswordChangeView.as_view(template_name="desk/own/password.html")
set_password = account.PasswordSetView.as_view(template_name="desk/own/password.html")
