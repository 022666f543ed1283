"""The container files cannot be built in the tests; they can at least be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.project.files import text

INFRA = Path("infra")
PINNED = re.compile(r"^[\w./-]+:v?\d+(\.\d+)+[\w.-]*(@sha256:[0-9a-f]{64})?$")
SET_BY_OPERATOR = re.compile(r"^\$\{\w+(:\?[^}]+)?\}$")


def compose() -> dict[str, Any]:
    parsed = yaml.safe_load(text(INFRA / "compose.yaml"))
    assert isinstance(parsed, dict)
    return parsed


def test_every_image_is_pinned_to_a_release() -> None:
    services = compose()["services"]
    images = [service["image"] for service in services.values() if "build" not in service]
    assert len(images) >= 5
    assert [image for image in images if not PINNED.match(image)] == []


def test_the_container_file_builds_on_pinned_images_and_drops_root() -> None:
    lines = text(INFRA / "Containerfile").splitlines()
    stages = {line.split()[-1] for line in lines if line.startswith("FROM ") and " AS " in line}
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert [base for base in bases if base not in stages and not PINNED.match(base)] == []
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users[-1] not in ("root", "0")
    assert any(line.startswith("HEALTHCHECK ") for line in lines)


def test_what_one_service_waits_for_is_another_service() -> None:
    services = compose()["services"]
    waited_for = {name for service in services.values() for name in service.get("depends_on", ())}
    assert waited_for <= set(services)


def test_only_the_proxy_is_open_to_other_machines() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_no_secret_is_written_down() -> None:
    words = ("SECRET", "PASSWORD", "_KEY")
    for name, service in compose()["services"].items():
        for key, value in service.get("environment", {}).items():
            if any(word in key for word in words):
                assert SET_BY_OPERATOR.match(str(value)), f"{name}: {key} must come from outside"


def test_the_image_does_not_say_what_kind_of_shop_it_is() -> None:
    """The operator chooses: an image that is a demo by default would open one by an oversight."""
    run = text(INFRA / "Containerfile").partition("\nFROM base AS run")[2]
    assert re.search(r"PAVILION_ENV=(\s|$)", run)
    assert not re.search(r"PAVILION_ENV=\w", run)
    for name, service in compose()["services"].items():
        if service.get("image") == "pavilion":
            assert service["environment"]["PAVILION_ENV"] == "production", name


def test_the_shop_has_a_role_of_its_own_and_only_migrations_have_the_owners() -> None:
    services = compose()["services"]
    superuser = services["database"]["environment"]["POSTGRES_USER"]
    shops = {n: s["environment"] for n, s in services.items() if s.get("image") == "pavilion"}
    roles = {each["DATABASE_URL"].split(":")[1].strip("/") for each in shops.values()}
    assert roles == {"pavilion_shop"}
    assert [name for name, each in shops.items() if "DATABASE_OWNER_URL" in each] == ["migrate"]
    assert f"//{superuser}:" not in shops["migrate"]["DATABASE_OWNER_URL"]
    assert [n for n, s in services.items() if "SUPERUSER" in str(s)] == ["database"]


def test_the_shop_trusts_the_proxy_and_nothing_else() -> None:
    services = compose()["services"]
    address = services["proxy"]["networks"]["default"]["ipv4_address"]
    assert services["web"]["environment"]["TRUSTED_PROXIES"] == address


def test_what_compose_asks_for_is_in_the_example() -> None:
    requested = set(re.findall(r"\$\{(\w+)", text(INFRA / "compose.yaml")))
    given = set(re.findall(r"^(\w+)=", text(INFRA / "settings.env.example"), re.MULTILINE))
    optional = {"SALEOR_API_URL", "SALEOR_HOST"}
    assert requested - optional == given
