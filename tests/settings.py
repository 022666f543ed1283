"""The shop's settings, as the tests run it: a home, a database and static files of their own.

The environment is set here because these lines run before anything else of ours. The tests' data
may be lost at any time, so their server does not wait for disks; each run has databases of its
own (test_pavilion_<process>), so that two runs at once do not meet. The processes of one run
inherit DATABASE_URL from the first.
"""

import os
from pathlib import Path

from storefront_backend.running.cluster import SHOP, open_cluster
from storefront_backend.running.postgres import owner_url
from tests.patience import stretched
from tests.template_database import template_name

TEST_HOME = Path(__file__).resolve().parents[1] / ".pavilion" / "tests"
TEST_CLUSTER = TEST_HOME / "database"
EMBEDDED = not os.environ.get("DATABASE_URL")

os.environ["PAVILION_HOME"] = str(TEST_HOME)
os.environ["PAVILION_ENV"] = "demo"
os.environ["EMAIL_URL"] = ""
(TEST_HOME / "static").mkdir(parents=True, exist_ok=True)
if EMBEDDED:
    open_cluster(TEST_CLUSTER)  # settles where it lives, and so its address
    _address = owner_url(TEST_CLUSTER).replace("/pavilion?", f"/pavilion_{os.getpid()}?")
    os.environ["DATABASE_URL"] = _address
    os.environ["TESTS_SHOP_ROLE"] = SHOP
    os.environ["TESTS_TEMPLATE"] = template_name()

from storefront_backend.settings import *  # noqa: E402, F403 - reads the environment set above
from storefront_backend.settings import STORAGES as _STORAGES  # noqa: E402

# Served from where they lie: no collectstatic before a test.
STORAGES = {
    **_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# The real hasher takes a quarter of a second a user, on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The tests' role owns the tables, since it makes and empties databases; `as_shop` (conftest.py)
# tries what the shop's own role may do.
DATABASE_SHOP_ROLE = os.environ.get("TESTS_SHOP_ROLE", "")

# A transaction that somebody left open fails one test after a minute; without this it would hold
# its locks, and with them every later test, for ever.
DATABASES["default"]["OPTIONS"]["options"] = (  # noqa: F405 - from the shop's settings
    f"-c idle_in_transaction_session_timeout={stretched(60):.0f}s "
    f"-c lock_timeout={stretched(90):.0f}s"
)
