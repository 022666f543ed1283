"""A shopper's account: sign in, register, sign out, and the orders bought with it."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from i18n.money import Money
from storefront_backend.accounts.links import read_link, use_link
from storefront_backend.accounts.models import User
from storefront_backend.jobs.account_mails import send_account_link
from storefront_backend.orders.models import Order
from storefront_backend.throttle.limiter import limited
from storefront_backend.web.addresses import go_to, page_path, safe_path
from storefront_backend.web.forms import LinkForm, PasswordForm, SignInForm
from storefront_backend.web.places import LANGUAGES, ShopRequest, market_of
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
    """Sign in by e-mail address; how often that may fail is up to the authentication backend."""
    home = page_path("account", request.market, request.language)
    wanted = safe_path(request, request.POST.get("next", request.GET.get("next", "")), home)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email, password = form.cleaned_data["email"], form.cleaned_data["password"]
        user = authenticate(request, username=email, password=password)
        if isinstance(user, User):
            step = perform_password_login(request, {"email": email}, _login(user, wanted))
            return HttpResponseRedirect(step["Location"], status=303)
        form.add_error(None, _("Email or password is wrong."))
    context = {"form": form, "next": wanted}
    return render(request, "web/sign_in.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(
    request: ShopRequest, market: str, language: str, template: str = "web/register.html"
) -> HttpResponse:
    """A link by mail, to make an account or to choose another password.

    Known and unknown addresses get the same answer, after the same time: the job that sends the
    mail is the first to look whether there is an account.
    """
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limited(request, "account-link")
        email = form.cleaned_data["email"]
        send_account_link.enqueue(email, request.market.code, request.language)
        return render(request, "web/check_mail.html", {"email": email})
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """Where the link leads: the account with its new password, signed in.

    An account with a second factor is asked for it first: mail alone opens none.
    """
    token = request.POST.get("t", request.GET.get("t", ""))
    email = read_link(token)
    if email is None:
        return render(request, "web/link_expired.html", status=410)
    form = PasswordForm(request.POST if request.method == "POST" else None, email=email)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        user = use_link(token, password, language=request.language, market=market)
        if user is None:
            return render(request, "web/link_expired.html", status=410)
        home = page_path("account", request.market, request.language)
        step = perform_login(request, _login(user, home))
        return HttpResponseRedirect(step["Location"], status=303)
    context = {"form": form, "email": email, "token": token}
    response = render(
        request, "web/choose_password.html", context, status=422 if form.errors else 200
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


def _login(user: User, wanted: str) -> Login:
    return Login(user=user, email=user.email, redirect_url=wanted)


@require_POST
def sign_out(request: ShopRequest, market: str, language: str) -> HttpResponseRedirect:
    """Sign out."""
    logout(request)
    return go_to(request, "home")
