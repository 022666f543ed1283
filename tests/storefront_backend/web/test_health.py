"""Health says when background work has stopped, and shows anonymous clients no details."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dj_queue.models import Process
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.background import steps
from storefront_backend.background.items import SetAside, failed
from storefront_backend.background.models import StepState
from storefront_backend.jobs.sweep import STEPS
from storefront_backend.web import health

pytestmark = pytest.mark.django_db


def all_well() -> None:
    now = wiring.now()
    for name in STEPS:
        steps.run(name, lambda: 0, lambda: now)
    Process.objects.create(
        kind="Worker", name="worker-1", pid=1, hostname="here", backend_alias="default",
        last_heartbeat_at=now,
    )  # fmt: skip


def test_work_is_well_when_every_step_has_ended_well(client: Client) -> None:
    all_well()
    answer = client.get("/health/work")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_step_that_has_not_ended_well_for_ten_minutes_is_told(
    client: Client, settings: Settings
) -> None:
    settings.HEALTH_TOKEN = "a-token-of-a-monitor"
    all_well()
    StepState.objects.filter(name="mails").update(
        ended_well_at=wiring.now() - timedelta(minutes=11), error="builtins.ValueError"
    )
    failed("mail:order", "7", SetAside("poison"), wiring.now())
    assert client.get("/health/work").json() == {"status": "late"}
    reported = client.get("/health/work", headers={"Authorization": "Bearer a-token-of-a-monitor"})
    assert reported.status_code == 503
    assert reported.json()["late"] == ["step mails"]
    assert reported.json()["steps"]["mails"]["error"] == "builtins.ValueError"
    assert reported.json()["set_aside"] == 1


def test_without_workers_or_a_sweep_work_is_late(client: Client) -> None:
    client.force_login(User.objects.create_superuser("operator@example.com", "secret"))
    late = client.get("/health/work").json()["late"]
    assert late == [*(f"step {name}" for name in STEPS), "workers"]


@pytest.mark.parametrize("header", ["Bearer ", "Bearer wrong", "Basic a-token", ""])
def test_no_token_is_no_way_in(client: Client, settings: Settings, header: str) -> None:
    settings.HEALTH_TOKEN = "" if header == "Bearer " else "a-token"
    answer = client.get("/health/work", headers={"Authorization": header})
    assert answer.json() == {"status": "late"}


def test_ready_reads_the_migrations_once(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(health, "_migrations", health.Migrations())
    assert client.get("/health/ready").status_code == 200
    with django_assert_num_queries(1):
        assert client.get("/health/ready").json() == {"status": "ok"}
