"""Where the link of an invitation leads: into the brand, with one's account or a new one."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from i18n.locales import text_in
from storefront_backend import wiring
from storefront_backend.accounts import invitations
from storefront_backend.accounts.models import BrandMembership, Invitation, User
from storefront_backend.desk.own.forms import JoinForm
from storefront_backend.throttle.limiter import limited


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Show whose invitation it is; POST accepts it."""
    limited(request, "invitation-link")
    token = request.POST.get("t", request.GET.get("t", ""))
    row = invitations.read(token, wiring.now())
    if row is None:
        return TemplateResponse(request, "desk/own/invitation_over.html", {}, status=410)
    if isinstance(request.user, User):
        return _with_account(request, token, row, request.user)
    return _with_new_account(request, token, row)


def _with_account(request: HttpRequest, token: str, row: Invitation, user: User) -> HttpResponse:
    if request.method == "POST" and user.email == row.email:
        joined = invitations.accept(token, user, wiring.now())
        if joined is not None:
            return redirect("brand-desk:overview", joined.brand.slug)
    state = "join" if user.email == row.email else "other"
    return _page(request, token, row, state)


def _with_new_account(request: HttpRequest, token: str, row: Invitation) -> HttpResponse:
    if User.objects.filter(email=row.email).exists():
        return _page(request, token, row, "sign-in")
    by_passkey = request.POST.get("way") == "passkey"
    given = request.POST if request.method == "POST" else None
    form = JoinForm(given, email=row.email, by_passkey=by_passkey)
    if request.method == "POST" and form.is_valid():
        joined = invitations.make_account(
            token,
            name=form.cleaned_data["name"],
            password=form.cleaned_data.get("password") or None,
            now=wiring.now(),
        )
        if joined is not None:
            return _enter(request, joined, by_passkey=by_passkey)
    return _page(request, token, row, "new", form=form)


def _enter(request: HttpRequest, joined: BrandMembership, *, by_passkey: bool) -> HttpResponse:
    wanted = (
        reverse("mfa_add_webauthn")
        if by_passkey
        else reverse("brand-desk:overview", args=(joined.brand.slug,))
    )
    user = joined.user
    step: HttpResponse = perform_login(
        request, Login(user=user, email=user.email, redirect_url=wanted, signup=True)
    )
    return step


def _page(
    request: HttpRequest, token: str, row: Invitation, state: str, **more: Any
) -> HttpResponse:
    context = {
        "token": token,
        "invitation": row,
        "brand": text_in(row.brand.names, row.language) or row.brand.slug,
        "state": state,
        "here": f"{request.path}?t={token}",
    }
    return TemplateResponse(request, "desk/own/invitation.html", context | more)
