"""Signing in: a password and a second factor, or a passkey; and a link for a new password."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.logout import logout
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as factors
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from storefront_backend.accounts.sign_in import count_code
from storefront_backend.desk.own.forms import ForgottenForm
from storefront_backend.jobs.account_mails import mail_password_link
from storefront_backend.throttle.limiter import limited

sign_in = account.LoginView.as_view(template_name="desk/own/sign_in.html")
new_password = account.PasswordResetFromKeyView.as_view(
    template_name="desk/own/new_password.html", success_url=reverse_lazy("account_login")
)


class SecondFactor(factors.AuthenticateView):
    """After the password: a code, or a passkey."""

    template_name = "desk/own/second_factor.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A passkey's answer is counted like a code; CodeForm counts the codes."""
        if "code" in request.POST:
            return super().post(request, *args, **kwargs)
        right = count_code(request, self.stage.login.user.email)
        response = super().post(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect):
            right()
        return response


second_factor = SecondFactor.as_view()


class PasskeySignIn(passkeys.LoginWebAuthnView):
    """With a passkey alone: it is what one has, and asks for what one knows or is."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Each beginning makes a session, so beginnings are counted, too."""
        limited(request, "passkey")
        return super().dispatch(request, *args, **kwargs)


passkey = PasskeySignIn.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """A link by mail. The job that mails it is the first to look whether there is an account."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        limited(request, "account-link")
        email = form.cleaned_data["email"]
        mail_password_link(email, get_language() or "en")
        context["sent_to"] = email
    return TemplateResponse(request, "desk/own/forgotten.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here, and go on to `next` where that is a page of ours."""
    logout(request)
    return redirect(get_next_redirect_url(request) or "account_login")
