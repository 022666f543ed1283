"""Settings: everything comes from the environment, defaults to the demo, and fails loudly.

What cannot be read stops here; what is unfit for production is reported by `production.py`. The
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

from i18n import locales
from i18n.rulebook import market_codes
from storefront_backend.asset_hosts import bucket_origin, origin_of
from storefront_backend.database_url import parse_database_url
from storefront_backend.log_setup import logging_config
from storefront_backend.proxies import networks
from storefront_backend.rate_limits import read_changes
from storefront_backend.running.postgres import database_url, owner_url
from storefront_backend.task_limits import Limit, read_limits
from storefront_backend.task_schedule import RECURRING

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
    raise ImproperlyConfigured(
        f"PAVILION_ENV must be demo or production, not {PAVILION_ENV!r}; an image has no default"
    )
PRODUCTION = PAVILION_ENV == "production"
PAVILION_HOME = Path(os.environ.get("PAVILION_HOME", BASE_DIR / ".pavilion"))

# What production refuses is in storefront_backend/production.py, so that all is reported at once.
DEMO_SECRET = "demo-only-secret-that-production-refuses"  # noqa: S105
SECRET_KEY = os.environ.get("SECRET_KEY") or DEMO_SECRET
# Earlier keys, newest first: they open sessions, links and sealed secrets, and make none.
SECRET_KEY_FALLBACKS = _words("SECRET_KEY_FALLBACKS", "")
DEBUG = _flag("DEBUG", default=False)
PAYMENT_PROVIDER = os.environ.get("PAYMENT_PROVIDER", "sandbox")
ALLOWED_HOSTS = _words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
ALLOWED_HOSTS_GIVEN = "ALLOWED_HOSTS" in os.environ
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS", "")
# Proxies in front of the shop, whose word on the client's address is taken, and where they say it.
TRUSTED_PROXIES = _words("TRUSTED_PROXIES", "")
PROXY_HEADER = _choice("PROXY_HEADER", ("x-forwarded-for", "forwarded"))
try:
    networks(TRUSTED_PROXIES)
    RATE_LIMITS = read_changes(_words("RATE_LIMITS", ""))
except ValueError as _error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES or RATE_LIMITS: {_error}") from _error
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
# Where Saleors send questions and events: processes of their own, where the operator has them.
WEBHOOK_URL = os.environ.get("WEBHOOK_URL", PUBLIC_URL)
# Threads of one web process; at most half of them may wait for Saleor.
WEB_THREADS = _number("WEB_THREADS", 16)
if WEB_THREADS < 4:
    raise ImproperlyConfigured(f"WEB_THREADS must be 4 or more, not {WEB_THREADS}")

# Where payment pages may send shoppers back to besides PUBLIC_URL: origins of other storefronts.
STOREFRONT_ORIGINS = _words("STOREFRONT_ORIGINS", "")

# --- what the shop sells under --------------------------------------------------------------
MARKETS = _words("MARKETS", ",".join(market_codes()))
# Rules that two sources disagree on stop a sale unless the operator accepts them here, by id.
SELLER_REGISTRATIONS = frozenset(_words("SELLER_REGISTRATIONS", ""))
ACCEPT_DISPUTED_RULES = frozenset(_words("ACCEPT_DISPUTED_RULES", "" if PRODUCTION else "*"))
QUOTE_VALID_FOR = timedelta(minutes=_number("QUOTE_VALID_MINUTES", 30))
# What one client may do without paying: checkouts an hour, begun payments a day of the same pieces.
CHECKOUTS_A_CLIENT = _number("CHECKOUTS_A_CLIENT", 60)
HOLDS_A_CHECKOUT = _number("HOLDS_A_CHECKOUT", 6)
HOLDS_A_CLIENT = _number("HOLDS_A_CLIENT", 12)
CHECKOUT_KEPT_FOR = timedelta(days=_number("CHECKOUT_KEPT_DAYS", 30))
# Rates: "table" is the shop's own; "ecb" or the path of the ECB's file gives currencies; an address
# is a server of JSON. Prices follow within minutes, unless a rate moves by more than this.
METAL_RATES = os.environ.get("METAL_RATES", "table")
EXCHANGE_RATES = os.environ.get("EXCHANGE_RATES", "table")
RATES_TOKEN = os.environ.get("RATES_TOKEN", "")
RATES_MAX_JUMP = _number("RATES_MAX_JUMP_PERCENT", 10)
RATES_MAX_AGE = timedelta(hours=_number("RATES_MAX_AGE_HOURS", 96))
# Brands' sheets: how large one may be, and how far a price may move before somebody confirms it.
IMPORT_MAX_BYTES = _number("IMPORT_MAX_MB", 64) << 20
IMPORT_MAX_PRICE_MOVE = _number("IMPORT_MAX_PRICE_MOVE_PERCENT", 30)
IMPORTS_OPEN_A_BRAND = _number("IMPORTS_OPEN_A_BRAND", 10)
# What one brand may use: variants on sale, and bytes of sheets, CAD files and photographs.
BRAND_MAX_VARIANTS = _number("BRAND_MAX_VARIANTS", 200_000)
BRAND_MAX_STORAGE = _number("BRAND_MAX_STORAGE_GB", 200) << 30
IMPORT_UNDO_DAYS = _number("IMPORT_UNDO_DAYS", 30)
FILE_UPLOAD_HANDLERS = [
    "storefront_backend.upload_limit.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
REPRICING_WORKERS = max(1, _number("REPRICING_WORKERS", 2))
# Machine drafts of brands' texts; without a key there are none.
DEEPL_API_KEY = os.environ.get("DEEPL_API_KEY", "")
DEEPL_API_BASE = os.environ.get("DEEPL_API_BASE", "")
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
    "storefront_backend.desk.operator.admin_config.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "pgtrigger",
    "pghistory",
    "graphene_django",
    "dj_queue",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "storefront_backend.scope",
    "storefront_backend.throttle",
    "storefront_backend.background",
    "storefront_backend.accounts",
    "storefront_backend.catalog",
    "storefront_backend.models3d",
    "storefront_backend.photographs",
    "storefront_backend.orders",
    "storefront_backend.campaigns",
    "storefront_backend.partners",
    "storefront_backend.saleor_rows",
    "storefront_backend.notices",
    "storefront_backend.jobs",
    "storefront_backend.desk.operator",
    "storefront_backend.webhooks",
    "storefront_backend.web",
    "storefront_backend.desk",
    "storefront_backend.demo",
    "allauth",  # last: its catalogues have words of ours, too
]

MIDDLEWARE = [
    "storefront_backend.request_log.RequestLogMiddleware",
    "storefront_backend.web.middleware.PermissionsPolicyMiddleware",
    "storefront_backend.request_text.PlainTextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "storefront_backend.desk.operator.queue_pages.QueuePagesMiddleware",
    "storefront_backend.web.middleware.MarketMiddleware",
    "storefront_backend.web.opening.OpenShopMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "storefront_backend.accounts.middleware.SecondFactorMiddleware",
    "storefront_backend.desk.own.gate.EnrolFirstMiddleware",
    "storefront_backend.accounts.middleware.SessionListMiddleware",
    "storefront_backend.accounts.middleware.KnownDeviceMiddleware",
    "storefront_backend.audit.acting.ActingMiddleware",
    "storefront_backend.throttle.middleware.TooManyRequestsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Who is at work is kept with what they change; a page that only shows changes nothing.
# The moment itself, not its transaction's: an import changes thousands of rows in one.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "storefront_backend.urls"
WSGI_APPLICATION = "storefront_backend.wsgi.application"
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
# The shop connects by a role that owns no table; `migrate` alone connects as their owner.
_DATABASE_URL = os.environ.get("DATABASE_URL") or database_url(PAVILION_HOME)
_OWNER_URL = os.environ.get("DATABASE_OWNER_URL") or (
    "" if os.environ.get("DATABASE_URL") else owner_url(PAVILION_HOME)
)
DATABASES = {"default": parse_database_url(_DATABASE_URL)}
DATABASE_OWNER = parse_database_url(_OWNER_URL) if _OWNER_URL else None
DATABASE_SHOP_ROLE = DATABASES["default"]["USER"] if DATABASE_OWNER else ""
# What PostgreSQL lets a statement of a web process take; jobs may take longer (see wsgi.py).
WEB_STATEMENT_SECONDS = _number("WEB_STATEMENT_SECONDS", 20)
WEB_REQUEST_SECONDS = _number("WEB_REQUEST_SECONDS", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _worker(queue: str, processes: int) -> dict[str, Any]:
    return {"queues": queue, "threads": 1, "processes": processes, "prefetch_multiplier": 1}


_DATABASE_QUEUE = {
    "BACKEND": "dj_queue.backend.DjQueueBackend",
    "QUEUES": ["default", "builds"],
    "OPTIONS": {
        # A process runs one task at a time, so that one which overruns can be ended from outside
        # (background/guard.py) without another task's loss. Run it by `manage.py work`.
        "mode": "fork",
        # A build keeps a core busy for a minute, so it may not delay a listing.
        "workers": [
            _worker("default", _number("WORKER_PROCESSES", 2)),
            _worker("builds", _number("BUILD_THREADS", 1)),
        ],
        "recurring": RECURRING,
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
# Nothing of ours is cached: limits are counted in the database (storefront_backend/throttle).

# What a task may take before it is ended from outside; by its name where it needs more.
TASK_SECONDS = _number("TASK_SECONDS", 300)
TASK_MEGABYTES = _number("TASK_MEGABYTES", 2048)
TASK_LIMITS = read_limits(
    _words("TASK_LIMITS", ""),
    {
        "build_model": Limit(3600, 8192),
        "finish_upload": Limit(1200, 4096),
        "develop_photograph": Limit(420, 4096),
        "reprice": Limit(1800, 2048),
        "push_products": Limit(1800, 2048),
        "push_everything": Limit(7200, 2048),
        "reconcile": Limit(7200, 2048),
    },
)
# Background work that has not ended well for so long turns /health/work red.
WORK_LATE_AFTER = timedelta(minutes=_number("WORK_LATE_MINUTES", 10))
HEALTH_TOKEN = os.environ.get("HEALTH_TOKEN", "")

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "/desk/"
# Whether owners and operators must have a second factor. Production takes only `required`.
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "required" if PRODUCTION else "optional")
if SECOND_FACTOR not in ("required", "optional"):
    raise ImproperlyConfigured(f"SECOND_FACTOR must be required or optional, not {SECOND_FACTOR!r}")
# What django-allauth needs to know; its addresses are in desk/own/urls.py, its limits in
# rate_limits.py (its own would be counted by each process for itself).
ACCOUNT_ADAPTER = "storefront_backend.desk.own.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # no account begins with an address that is not verified
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds
ACCOUNT_FORMS = {
    "login": "storefront_backend.desk.own.forms.SignInForm",
    "reset_password_from_key": "storefront_backend.desk.own.forms.NewPasswordForm",
    "change_password": "storefront_backend.desk.own.forms.ChangePasswordForm",
    "set_password": "storefront_backend.desk.own.forms.SetPasswordForm",
}
MFA_ADAPTER = "storefront_backend.desk.own.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: phones' clocks are not exact
MFA_TOTP_ISSUER = "Pavilion"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "storefront_backend.desk.own.forms.CodeForm",
    "reauthenticate": "storefront_backend.desk.own.forms.ConfirmingCodeForm",
    "activate_totp": "storefront_backend.desk.own.forms.ActivateAppForm",
}
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds, as links in mails work
# The one door for passwords, of the shop's pages, the desk and the admin: it counts, and lets
# known devices of an account in while strangers try theirs.
AUTHENTICATION_BACKENDS = ["storefront_backend.accounts.sign_in.LimitedSignIn"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- mail -----------------------------------------------------------------------------------
_MAIL_PATIENCE = 15  # seconds: a server that does not answer must not hold up the sweep


def _mailers(address: str) -> dict[str, dict[str, Any]]:
    """smtp://, smtp+tls:// (STARTTLS) or smtps://, with user and password where it wants them;
    file:///folder writes each mail into a file."""
    if not address:
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    server = urlsplit(address)
    if server.scheme == "file":
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"default": {"BACKEND": backend, "OPTIONS": {"file_path": unquote(server.path)}}}
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


EMAIL_URL = os.environ.get(
    "EMAIL_URL", "" if PRODUCTION else (PAVILION_HOME.absolute() / "mails").as_uri()
)
MAILERS = _mailers(EMAIL_URL)
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "Pavilion <orders@localhost>"

# --- language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [(language.django, language.name) for language in locales.LANGUAGES.values()]
LOCALE_PATHS = [BASE_DIR / "i18n" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PAVILION_HOME / "static"
STATICFILES_DIRS = [
    ("viewer", BASE_DIR / "showroom" / "viewer" / "dist"),
    ("desk/built", BASE_DIR / "storefront_backend" / "desk" / "scripts" / "dist"),
]
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
# Of one brand at once, so that no brand takes all workers.
BUILDS_RUNNING_A_BRAND = max(1, _number("BUILDS_RUNNING_A_BRAND", 2))
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

# Whether its other subdomains are served over TLS, too, only the owner of the domain knows.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

GRAPHENE = {
    "SCHEMA": "storefront_backend.api.schema.schema",
    "TESTING_ENDPOINT": "/graphql/",
}
GRAPHQL_MAX_DEPTH = 10
GRAPHQL_MAX_COST = 5_000

LOGGING_CONFIG = "storefront_backend.log_setup.configure"
LOGGING = logging_config(json_lines=PRODUCTION, level=os.environ.get("LOG_LEVEL", "INFO"))
