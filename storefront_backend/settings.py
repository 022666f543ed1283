"""Settings: everything comes from the environment, defaults to the demo, and fails loudly.

`PAVILION_ENV=production` refuses a default secret, the sandbox payment provider and DEBUG. The
names read here are listed in docs/settings.md.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from storefront_backend.asset_hosts import bucket_origin, origin_of
from storefront_backend.database_url import parse_database_url
from storefront_backend.log_setup import logging_config

# Django's admin classes take type parameters only in the stubs; this lets them at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _choice(name: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


PAVILION_ENV = os.environ.get("PAVILION_ENV", "demo")
if PAVILION_ENV not in ("demo", "production"):
    raise ImproperlyConfigured(f"PAVILION_ENV must be demo or production, not {PAVILION_ENV!r}")
PRODUCTION = PAVILION_ENV == "production"
PAVILION_HOME = Path(os.environ.get("PAVILION_HOME", BASE_DIR / ".pavilion"))

_DEMO_SECRET = "demo-only-secret-that-production-refuses"  # noqa: S105
SECRET_KEY = os.environ.get("SECRET_KEY", _DEMO_SECRET)
DEBUG = _flag("DEBUG", default=False)
PAYMENT_PROVIDER = os.environ.get("PAYMENT_PROVIDER", "sandbox")
if PRODUCTION:
    if SECRET_KEY == _DEMO_SECRET or len(SECRET_KEY) < 32:
        raise ImproperlyConfigured("production needs a SECRET_KEY of at least 32 characters")
    if DEBUG:
        raise ImproperlyConfigured("production refuses DEBUG")
    if PAYMENT_PROVIDER == "sandbox":
        raise ImproperlyConfigured("production refuses the sandbox payment provider")

ALLOWED_HOSTS = _words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
if PRODUCTION and "ALLOWED_HOSTS" not in os.environ:
    raise ImproperlyConfigured("production needs ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS", "")
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")

# --- what the shop sells under --------------------------------------------------------------
MARKETS = _words("MARKETS", "us,ca,gb,de,fr,it,jp,kr,sg,ae,sa,au,in,th,my,hk,mo")
# Rules that two sources disagree on stop a sale unless the operator accepts them here, by id.
ACCEPT_DISPUTED_RULES = frozenset(_words("ACCEPT_DISPUTED_RULES", "" if PRODUCTION else "*"))
QUOTE_VALID_FOR = timedelta(minutes=_number("QUOTE_VALID_MINUTES", 30))
# Rates: "table" is the shop's own; "ecb" or the path of the ECB's file gives currencies; an address
# is a server of JSON. Prices follow within minutes, unless a rate moves by more than this.
METAL_RATES = os.environ.get("METAL_RATES", "table")
EXCHANGE_RATES = os.environ.get("EXCHANGE_RATES", "table")
RATES_TOKEN = os.environ.get("RATES_TOKEN", "")
RATES_MAX_JUMP = _number("RATES_MAX_JUMP_PERCENT", 10)
RATES_MAX_AGE = timedelta(hours=_number("RATES_MAX_AGE_HOURS", 96))
REPRICING_WORKERS = max(1, _number("REPRICING_WORKERS", 2))
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = os.environ.get("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = os.environ.get("STRIPE_API_BASE", "")
STRIPE_MODE = _choice("STRIPE_MODE", ("checkout-session", "payment-intent"))
PAYMENT_CAPTURE = _choice("PAYMENT_CAPTURE", ("at-once", "on-fulfilment"))
# The Saleor that the shop sells through, and others that may install us too.
SALEOR_API_URL = os.environ.get("SALEOR_API_URL", "")
SALEOR_TRUSTED_API_URLS = list(
    dict.fromkeys(filter(None, [SALEOR_API_URL, *_words("SALEOR_TRUSTED_API_URLS", "")]))
)
# Where payment pages may send the shoppers of other storefronts on that Saleor: each a prefix.
SALEOR_PAYMENT_RETURN_URLS = _words("SALEOR_PAYMENT_RETURN_URLS", "")
# Whether Saleor gets copies of the 3D files, too: it keeps each a second time.
SALEOR_KEEPS_3D_FILES = _flag("SALEOR_KEEPS_3D_FILES", default=False)
# Whose Dashboards may show our panel in a frame.
SALEOR_DASHBOARD_ORIGINS = _words("SALEOR_DASHBOARD_ORIGINS", "")

# --- apps and middleware --------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "graphene_django",
    "dj_queue",
    "storefront_backend.accounts",
    "storefront_backend.catalog",
    "storefront_backend.models3d",
    "storefront_backend.orders",
    "storefront_backend.campaigns",
    "storefront_backend.saleor_rows",
    "storefront_backend.jobs",
    "storefront_backend.webhooks",
    "storefront_backend.web",
    "storefront_backend.demo",
]

MIDDLEWARE = [
    "storefront_backend.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront_backend.web.middleware.MarketMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "storefront_backend.urls"
WSGI_APPLICATION = "storefront_backend.wsgi.application"
ASGI_APPLICATION = "storefront_backend.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront_backend.web.context.market",
            ],
        },
    },
]

# --- database, queue, cache -----------------------------------------------------------------
DATABASES = {"default": parse_database_url(os.environ.get("DATABASE_URL", ""), PAVILION_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_DATABASE_QUEUE = {
    "BACKEND": "dj_queue.backend.DjQueueBackend",
    "QUEUES": ["default", "builds"],
    "OPTIONS": {
        "mode": "async",
        # A build keeps a core busy for a minute, so it may not stand in the way of a listing.
        "workers": [
            {"queues": "default", "threads": 2},
            {"queues": "builds", "threads": _number("BUILD_THREADS", 1)},
        ],
        "recurring": {
            "sweep": {
                "task_path": "storefront_backend.jobs.sweep.sweep",
                "schedule": "every minute",
                "description": "Finish what killed processes left half done",
            },
            "rates": {
                "task_path": "storefront_backend.jobs.repricing.follow_rates",
                "schedule": "every 5 minutes",
                "description": "Let new metal and exchange rates move the prices",
            },
            "saleor": {
                "task_path": "storefront_backend.jobs.saleor_reconcile.reconcile",
                "schedule": "every hour",
                "description": "Find and heal what has drifted apart from Saleor",
            },
        },
        "process_heartbeat_interval": 10,
        "process_alive_threshold": 60,
        "clear_failed_jobs_after": 30 * 86_400,
    },
}
# Any backend of django.tasks will do in production; the tasks are the same code for all.
TASKS = {
    "default": {"BACKEND": os.environ["TASKS_BACKEND"], "QUEUES": []}
    if "TASKS_BACKEND" in os.environ
    else _DATABASE_QUEUE
}
# Sign-in limits are counted in the shared cache, so that they hold over several web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    },
}

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "/"
SIGN_IN_ATTEMPTS = 5
SIGN_IN_WINDOW = timedelta(minutes=15)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- mail -----------------------------------------------------------------------------------
_MAIL_PATIENCE = 15  # seconds: a server that does not answer must not hold up the sweep


def _mailers(address: str) -> dict[str, dict[str, Any]]:
    """smtp://, smtp+tls:// (STARTTLS) or smtps://, with user and password where it wants them."""
    if not address:
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    server = urlsplit(address)
    if server.scheme not in ("smtp", "smtp+tls", "smtps") or not server.hostname:
        raise ImproperlyConfigured("EMAIL_URL must be like smtp+tls://user:password@host:587")
    options = {
        "host": server.hostname,
        "port": server.port or (465 if server.scheme == "smtps" else 587),
        "username": unquote(server.username or ""),
        "password": unquote(server.password or ""),
        "use_ssl": server.scheme == "smtps",
        "use_tls": server.scheme == "smtp+tls",
        "timeout": _MAIL_PATIENCE,
    }
    return {"default": {"OPTIONS": options}}


EMAIL_URL = os.environ.get("EMAIL_URL", "")
MAILERS = _mailers(EMAIL_URL)
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "Pavilion <orders@localhost>")

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("it", "Italiano"),
    ("ar", "العربية"),
    ("th", "ไทย"),
    ("ms", "Bahasa Melayu"),
]
LOCALE_PATHS = [BASE_DIR / "i18n" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PAVILION_HOME / "static"
STATICFILES_DIRS = [("viewer", BASE_DIR / "showroom" / "viewer" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
ASSET_STORE = os.environ.get("ASSET_STORE", "local")  # local or s3
ASSET_FOLDER = Path(os.environ.get("ASSET_FOLDER", PAVILION_HOME / "assets"))
S3_ENDPOINT_URL = os.environ.get("S3_ENDPOINT_URL", "")
# Where browsers reach the store, if not where we do.
S3_BROWSER_ENDPOINT_URL = os.environ.get("S3_BROWSER_ENDPOINT_URL") or S3_ENDPOINT_URL
S3_REGION = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
S3_BUCKET = os.environ.get("S3_BUCKET", "")
S3_PRIVATE_BUCKET = os.environ.get("S3_PRIVATE_BUCKET") or S3_BUCKET
S3_PATH_STYLE = _flag("S3_PATH_STYLE", default=bool(S3_ENDPOINT_URL))
S3_PART_CHECKSUMS = _flag("S3_PART_CHECKSUMS", default=True)
S3_PUBLIC_URL = os.environ.get("S3_PUBLIC_URL", "")
UPLOAD_MAX_BYTES = _number("UPLOAD_MAX_MEGABYTES", 500) * 1024 * 1024
# S3 takes parts from 5 MiB on; on a slow line a small part is less to send again.
UPLOAD_PART_BYTES = max(5, _number("UPLOAD_PART_MEGABYTES", 8)) * 1024 * 1024
UPLOAD_KEPT_FOR = timedelta(hours=_number("UPLOAD_KEPT_HOURS", 24))
UPLOADS_OPEN_A_BRAND = _number("UPLOADS_OPEN_A_BRAND", 10)
# Production refuses to read brands' files where the machine cannot confine the reading process.
ALLOW_UNCONFINED_READERS = _flag("ALLOW_UNCONFINED_READERS", default=not PRODUCTION)
# quick: one small picture a metal; standard: large ones too; models: none.
BUILD_RECIPE = os.environ.get("BUILD_RECIPE", "standard" if PRODUCTION else "quick")

# --- security -------------------------------------------------------------------------------
# The viewer decodes meshes in WebAssembly and reads them through blob addresses; nothing inline.
_ASSET_HOSTS = [origin_of(S3_PUBLIC_URL)] if S3_PUBLIC_URL else []
_UPLOAD_HOSTS = (
    [bucket_origin(S3_BROWSER_ENDPOINT_URL, S3_REGION, S3_PRIVATE_BUCKET, path_style=S3_PATH_STYLE)]
    if ASSET_STORE == "s3"
    else []
)
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, "'wasm-unsafe-eval'"],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:", *_ASSET_HOSTS],
    "media-src": [CSP.SELF, *_ASSET_HOSTS],
    "connect-src": [CSP.SELF, "blob:", *_ASSET_HOSTS, *_UPLOAD_HOSTS],
    "worker-src": [CSP.SELF, "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF, "https://checkout.stripe.com"],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SECURE_SSL_REDIRECT = _flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = _number("SECURE_HSTS_SECONDS", 31_536_000)

GRAPHENE = {"SCHEMA": "storefront_backend.api.schema.schema"}
GRAPHQL_MAX_DEPTH = 10
GRAPHQL_MAX_COST = 5_000

LOGGING_CONFIG = "storefront_backend.log_setup.configure"
LOGGING = logging_config(json_lines=PRODUCTION, level=os.environ.get("LOG_LEVEL", "INFO"))
