"""A shopper's account: sign in, register, sign out, and the orders bought with it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from i18n.money import Money
from storefront_backend.accounts.models import User
from storefront_backend.orders.models import Order
from storefront_backend.web.addresses import go_to, page_path, safe_path
from storefront_backend.web.forms import RegisterForm, SignInForm
from storefront_backend.web.places import LANGUAGES, ShopRequest, market_of
from storefront_backend.web.sign_in_limit import forget_attempts, take_attempt
from storefront_backend.web.views.entrance import COOKIE


@require_safe
def entry(request: HttpRequest) -> HttpResponseRedirect:
    """Where Django sends people who must sign in: the sign-in page of their market."""
    code, _slash, language = request.COOKIES.get(COOKIE, "").partition("/")
    market = market_of(code)
    if market is None or language not in LANGUAGES:
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(page_path("account-sign-in", market, language))


@require_safe
@never_cache
def overview(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """The account's orders. Only those bought while signed in: an address alone proves nothing."""
    if not request.user.is_authenticated:
        return go_to(request, "account-sign-in")
    orders = [
        {
            "order": order,
            "total": Money(order.total, order.currency),
            "market": market_of(order.market) or request.market,
        }
        for order in Order.objects.filter(user=request.user)[:50]
    ]
    return render(request, "web/account.html", {"orders": orders})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """Sign in by e-mail address; too many tries wait a while."""
    home = page_path("account", request.market, request.language)
    wanted = safe_path(request, request.POST.get("next", request.GET.get("next", "")), home)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        address = request.META.get("REMOTE_ADDR", "")
        if not take_attempt(address, email):
            return _wait(request)
        user = authenticate(request, username=email, password=form.cleaned_data["password"])
        if user is not None:
            forget_attempts(address, email)
            login(request, user)
            return HttpResponseRedirect(wanted, status=303)
        form.add_error(None, _("The address and the password do not fit together."))
    context = {"form": form, "next": wanted}
    return render(request, "web/sign_in.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """A new account, signed in at once."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not take_attempt(request.META.get("REMOTE_ADDR", ""), form.cleaned_data["email"]):
            return _wait(request)
        user = User.objects.create_user(
            form.cleaned_data["email"],
            form.cleaned_data["password"],
            language=request.language,
            market=market,
        )
        login(request, user)
        return go_to(request, "account")
    return render(request, "web/register.html", {"form": form}, status=422 if form.errors else 200)


def _wait(request: ShopRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(int(settings.SIGN_IN_WINDOW.total_seconds()))
    return response


@require_POST
def sign_out(request: ShopRequest, market: str, language: str) -> HttpResponseRedirect:
    """Sign out."""
    logout(request)
    return go_to(request, "home")
