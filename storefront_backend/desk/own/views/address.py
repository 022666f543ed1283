"""Another address for the account: asked for here, confirmed by links to both."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from storefront_backend import wiring
from storefront_backend.accounts import email_change
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.desk.own.forms import ForgottenForm
from storefront_backend.desk.own.views.security import person
from storefront_backend.jobs.account_mails import tell_of_account
from storefront_backend.jobs.people import ask_for_email_change
from storefront_backend.throttle.limiter import limited


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Ask for it."""
    user = person(request)
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limited(request, "account-link")
        try:
            if ask_for_email_change(user, form.cleaned_data["email"]):
                messages.success(
                    request, gettext("Open the links that are mailed to both addresses.")
                )
            return redirect("mfa_index")
        except InvalidRequest:
            form.add_error("email", gettext("Enter a valid email address."))
    return TemplateResponse(request, "desk/own/email.html", {"form": form})


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Forget the wish."""
    email_change.cancel(person(request))
    return redirect("mfa_index")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Where a mailed link leads; the new address may be read on another device."""
    limited(request, "invitation-link")
    token = request.POST.get("t", request.GET.get("t", ""))
    found = email_change.read(token, wiring.now())
    if found is None:
        return TemplateResponse(request, "desk/own/email_confirm.html", {}, status=410)
    wish, side = found
    context: dict[str, object] = {"wish": wish, "token": token, "side": side}
    if request.method == "POST":
        context["done"] = email_change.confirm(token, wiring.now())
        context["sent"] = True
        if context["done"]:
            tell_of_account("email_changed", wish.old, wish.user)
    return TemplateResponse(request, "desk/own/email_confirm.html", context)
