"""A production shop does not start with what is unfit, and says all of it at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from storefront_backend.accounts.models import User
from storefront_backend.demo.checks import check_demo
from storefront_backend.demo.shopfitting import PASSWORD, put_people
from storefront_backend.demo.stories import brands
from storefront_backend.production import check_role, check_settings, refuse_unfit
from tests.builders import make_brand
from tests.patience import stretched
from tests.project.files import ROOT

SECRET = "q7Xv2nRt9KpLw4Zb6YcDf8GhJm3SaUe5"


@pytest.fixture
def fit(settings: Settings) -> Settings:
    """Settings that a production shop may have."""
    settings.PRODUCTION = True
    settings.SECRET_KEY = SECRET
    settings.PAYMENT_PROVIDER = "stripe"
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_x"
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.ALLOWED_HOSTS_GIVEN = True
    settings.PUBLIC_URL = "https://shop.example"
    settings.TRUSTED_PROXIES = ["10.0.0.2"]
    settings.EMAIL_URL = "smtps://mail.example"
    settings.SECOND_FACTOR = "required"
    settings.SECURE_SSL_REDIRECT = True
    return settings


def codes(found: list[checks.CheckMessage]) -> list[str]:
    return [str(each.id).removeprefix("pavilion.") for each in found]


def test_a_fit_shop_has_no_fault(fit: Settings) -> None:
    assert check_settings(None) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "demo-only-secret-that-production-refuses", "E001"),
        ("SECRET_KEY", "short", "E001"),
        ("SECRET_KEY", "a" * 50, "E001"),
        ("SECRET_KEY", "django-insecure-" + SECRET, "E001"),
        ("DEBUG", True, "E002"),
        ("PAYMENT_PROVIDER", "sandbox", "E003"),
        ("PAYMENT_PROVIDER", "paypal", "E003"),
        ("PAYMENT_PROVIDER", "", "E003"),
        ("STRIPE_SECRET_KEY", "", "E004"),
        ("STRIPE_SECRET_KEY", "sk_test_x", "E004"),
        ("STRIPE_SECRET_KEY", "rk_test_x", "E004"),
        ("STRIPE_SECRET_KEY", "pk_live_x", "E004"),
        ("STRIPE_SECRET_KEY", "pk_test_x", "E004"),
        ("STRIPE_WEBHOOK_SECRET", "", "E005"),
        ("STRIPE_WEBHOOK_SECRET", "secret", "E005"),
        ("STRIPE_API_BASE", "http://127.0.0.1:9", "E006"),
        ("ALLOWED_HOSTS_GIVEN", False, "E007"),
        ("ALLOWED_HOSTS", [], "E007"),
        ("ALLOWED_HOSTS", ["shop.example", "*"], "E007"),
        ("ALLOWED_HOSTS", ["."], "E007"),
        ("PUBLIC_URL", "http://shop.example", "E008"),
        ("PUBLIC_URL", "https://127.0.0.1:8000", "E008"),
        ("PUBLIC_URL", "https://localhost", "E008"),
        ("PUBLIC_URL", "shop.example", "E008"),
        ("CSRF_TRUSTED_ORIGINS", ["http://shop.example"], "E009"),
        ("TRUSTED_PROXIES", ["0.0.0.0/0"], "E010"),
        ("TRUSTED_PROXIES", ["::/0"], "E010"),
        ("TRUSTED_PROXIES", [], "W002"),
        ("ASSET_STORE", "ftp", "E011"),
        ("SECOND_FACTOR", "optional", "E013"),
        ("EMAIL_URL", "", "W001"),
        ("SECURE_SSL_REDIRECT", False, "W003"),
    ],
)
def test_each_fault_has_its_code_and_says_what_to_do(
    fit: Settings, name: str, value: object, code: str
) -> None:
    setattr(fit, name, value)
    (found,) = check_settings(None)
    assert codes([found]) == [code]
    assert found.hint


def test_the_demonstration_may_be_all_that(settings: Settings) -> None:
    settings.DEBUG = True
    assert check_settings(None) == []
    refuse_unfit()


@pytest.mark.django_db
def test_a_database_with_the_demonstrations_people_and_brands_is_refused(fit: Settings) -> None:
    assert check_demo(None, databases=["default"]) == []
    slug, demo = next(iter(brands().items()))
    brand = make_brand(slug=slug, names=dict(demo.name))
    put_people([brand])
    assert codes(check_demo(None, databases=["default"])) == ["E030", "E032"]
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unfit()
    assert "pavilion.E030" in str(refused.value)
    assert "operator@pavilion.example" in str(refused.value)
    assert "empty database" in str(refused.value)


@pytest.mark.django_db
def test_a_renamed_operator_with_the_demonstrations_password_is_refused(fit: Settings) -> None:
    User.objects.create_superuser("boss@shop.example", PASSWORD)
    User.objects.create_superuser("chief@shop.example", "kapok-blossom-9")
    (found,) = check_demo(None, databases=["default"])
    assert codes([found]) == ["E031"]
    assert "boss@shop.example" in found.msg
    assert "chief" not in found.msg


@pytest.mark.django_db
def test_a_real_brand_may_have_the_short_name_of_an_invented_one(fit: Settings) -> None:
    make_brand(slug=next(iter(brands())), names={"en": "Another house"})
    assert check_demo(None, databases=["default"]) == []


@pytest.mark.django_db
def test_a_role_with_too_many_rights_is_refused(fit: Settings) -> None:
    assert check_role(None, databases=["default"]) == []


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME")}
    server = connection.settings_dict
    host = f"host={server['HOST']}&port={server['PORT']}"
    inherited["DATABASE_URL"] = f"postgresql://{server['USER']}@/postgres?{host}"
    return subprocess.run(
        [sys.executable, *arguments],
        env=inherited | {"PAVILION_ENV": "production"} | environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=stretched(120),
    )


def test_check_and_servers_name_every_fault_at_once() -> None:
    unfit = {
        "ALLOWED_HOSTS": "*",
        "DEBUG": "true",
        "PAYMENT_PROVIDER": "stripe",
        "STRIPE_SECRET_KEY": "sk_test_x",
    }
    wanted = [f"pavilion.E00{number}" for number in (1, 2, 4, 5, 7, 8)]
    for command in (
        ("manage.py", "check", "--deploy"),
        ("manage.py", "migrate"),
        ("manage.py", "dj_queue"),
    ):
        done = manage(*command, **unfit)
        assert done.returncode != 0, command
        assert [code for code in wanted if code not in done.stderr] == [], command


def test_an_environment_that_is_not_said_is_refused_where_there_is_no_default() -> None:
    done = manage("manage.py", "check", PAVILION_ENV="")
    assert done.returncode != 0
    assert "PAVILION_ENV must be demo or production" in done.stderr
