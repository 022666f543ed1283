"""What a production shop must not start with; all faults are reported at once.

`manage.py check --deploy` shows them (with `--database default` those of the database, too). Every
command of manage.py stops at the faults of the settings, and the servers at all of them:
`refuse_unfit` runs where wsgi, asgi, the worker and the preparation begin. Codes are stable.

E001 SECRET_KEY    E002 DEBUG             E003 PAYMENT_PROVIDER    E004 STRIPE_SECRET_KEY
E005 STRIPE_WEBHOOK_SECRET   E006 STRIPE_API_BASE   E007 ALLOWED_HOSTS   E008 PUBLIC_URL
E009 CSRF_TRUSTED_ORIGINS    E010 TRUSTED_PROXIES   E011 ASSET_STORE     E012 TASKS_BACKEND
E013 SECOND_FACTOR
E020 the database's role     E021 no database
E030 E031 E032 people, passwords and brands of the demonstration
W001 EMAIL_URL     W002 TRUSTED_PROXIES   W003 SECURE_SSL_REDIRECT   W004 the imprint
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from storefront_backend.proxies import networks

TAG = "production"
PROVIDERS = ("stripe", "sandbox")
STORES = ("local", "s3")
_SHORTEST_SECRET, _FEWEST_CHARACTERS = 32, 5


def fault(number: str, message: str, hint: str) -> checks.CheckMessage:
    """An Error (E…) or a Warning (W…)."""
    kind = checks.Error if number.startswith("E") else checks.Warning
    return kind(message, hint=hint, id=f"pavilion.{number}")


@checks.register(TAG, checks.Tags.security)
def check_settings(app_configs: Any, **given: Any) -> list[checks.CheckMessage]:
    """The settings; nothing where the shop is the demonstration."""
    if not settings.PRODUCTION:
        return []
    return [*_secrets(), *_payments(), *_addresses(), *_services()]


@checks.register(TAG, checks.Tags.database)
def check_role(app_configs: Any, databases: Any = None, **given: Any) -> list[checks.CheckMessage]:
    """The role that the shop has in its database."""
    if not settings.PRODUCTION or not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is_superuser, bypasses = cursor.fetchone()
    if not is_superuser and not bypasses:
        return []
    hint = "Connect by a role of the shop's own: docs/database-roles.md says how to make it"
    return [fault("E020", "The shop's database role is a superuser or bypasses row rights", hint)]


def refuse_unfit() -> None:
    """Raise ImproperlyConfigured with every fault, each with its code and remedy."""
    if not settings.PRODUCTION:
        return
    found = checks.run_checks(tags=[TAG])  # those of the settings
    try:
        found = checks.run_checks(tags=[TAG], databases=["default"])
    except OperationalError as error:
        hint = "Start it, and see DATABASE_URL"
        found.append(fault("E021", f"The database does not answer: {error}", hint))
    errors = [each for each in found if each.level >= checks.ERROR]
    if errors:
        lines = [f"  {each.id}: {each.msg}. {each.hint}." for each in errors]
        raise ImproperlyConfigured("\n".join(["This shop is not fit for production:", *lines]))


def _secrets() -> Iterator[checks.CheckMessage]:
    key = settings.SECRET_KEY
    if (
        len(key) < _SHORTEST_SECRET
        or len(set(key)) < _FEWEST_CHARACTERS
        or key == settings.DEMO_SECRET
        or key.startswith("django-insecure-")
    ):
        yield fault(
            "E001",
            "SECRET_KEY is missing, too short or known to everybody",
            f"Set {_SHORTEST_SECRET} random characters or more: `openssl rand -base64 48`",
        )
    if settings.SECOND_FACTOR != "required":
        yield fault(
            "E013",
            "SECOND_FACTOR lets owners and operators in by a password alone",
            "Remove SECOND_FACTOR",
        )
    if settings.DEBUG:
        yield fault("E002", "DEBUG shows the shop's insides to visitors", "Remove DEBUG")


def _payments() -> Iterator[checks.CheckMessage]:
    provider = settings.PAYMENT_PROVIDER
    if provider not in PROVIDERS:
        yield fault("E003", f"There is no payment provider {provider!r}", "Use stripe")
    if provider == "sandbox":
        yield fault("E003", "The sandbox takes no money", "Set PAYMENT_PROVIDER=stripe")
    if provider != "stripe":
        return
    if not settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")):
        yield fault(
            "E004",
            "STRIPE_SECRET_KEY is missing, a test key, or no secret key",
            "Set the live key, which starts with sk_live_ or rk_live_",
        )
    if not settings.STRIPE_WEBHOOK_SECRET.startswith("whsec_"):
        yield fault(
            "E005",
            "STRIPE_WEBHOOK_SECRET is missing or no webhook secret",
            "Set the signing secret of the webhook, which starts with whsec_",
        )
    if settings.STRIPE_API_BASE:
        yield fault("E006", "STRIPE_API_BASE sends payments elsewhere", "Remove STRIPE_API_BASE")


def _addresses() -> Iterator[checks.CheckMessage]:
    hosts = settings.ALLOWED_HOSTS if settings.ALLOWED_HOSTS_GIVEN else []
    if not hosts or any(host.strip(".") in ("*", "") for host in hosts):
        yield fault(
            "E007",
            "ALLOWED_HOSTS is missing or lets every name in",
            "List the names that the shop is reached by",
        )
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" or not public.hostname or _is_this_machine(public.hostname):
        yield fault(
            "E008",
            f"PUBLIC_URL is {settings.PUBLIC_URL!r}, which shoppers cannot reach by HTTPS",
            "Set it to the shop's address, as https://shop.example",
        )
    if bad := [each for each in settings.CSRF_TRUSTED_ORIGINS if not each.startswith("https://")]:
        yield fault(
            "E009",
            f"CSRF_TRUSTED_ORIGINS trusts {', '.join(bad)}, not over HTTPS",
            "Let each start with https://",
        )
    if any(network.prefixlen == 0 for network in networks(settings.TRUSTED_PROXIES)):
        yield fault(
            "E010",
            "TRUSTED_PROXIES trusts every address, so that any client may invent its own",
            "List the proxies only",
        )
    if not settings.TRUSTED_PROXIES:
        yield fault(
            "W002",
            "TRUSTED_PROXIES is empty: behind a proxy all shoppers are one client to the limits",
            "Set it to the proxy's address, if there is one",
        )
    if not settings.SECURE_SSL_REDIRECT:
        yield fault("W003", "Pages are answered over HTTP, too", "Remove SECURE_SSL_REDIRECT")


def _services() -> Iterator[checks.CheckMessage]:
    if settings.ASSET_STORE not in STORES:
        hint = f"Use one of {', '.join(STORES)}"
        yield fault("E011", f"There is no asset store {settings.ASSET_STORE!r}", hint)
    backend = str(settings.TASKS["default"]["BACKEND"])
    if backend.startswith(("django.tasks.backends.dummy", "django.tasks.backends.immediate")):
        yield fault("E012", f"TASKS_BACKEND {backend} does no background work", "Remove it")
    if not settings.EMAIL_URL:
        yield fault(
            "W001",
            "EMAIL_URL is empty: no order is confirmed by mail, and no one can make an account",
            "Set it to the mail server",
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
