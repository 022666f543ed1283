"""Fixtures of every test: a PostgreSQL of its own, no network but this machine, a browser."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from pytest_socket import socket_allow_hosts

from storefront_backend.running import postgres
from tests.browsing import open_context
from tests.settings import EMBEDDED, TEST_CLUSTER, TEST_HOME
from tests.template_database import ensure_template, template_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
LEASE = pytest.StashKey[int]()
STOPPED = TEST_HOME / "database.stopped"

# Without these a Chromium looks for its maker's servers at every start.
QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


def pytest_configure(config: pytest.Config) -> None:
    """Starts the tests' PostgreSQL: a new one, unless another run is using it."""
    if not EMBEDDED:
        return
    lease = os.open(TEST_HOME / "database.lease", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _was_stopped_well():
            postgres.discard(TEST_CLUSTER)
    except BlockingIOError:
        pass
    fcntl.flock(lease, fcntl.LOCK_SH)
    postgres.ensure_running(TEST_CLUSTER, durable=False)
    config.stash[LEASE] = lease


def _was_stopped_well() -> bool:
    """Whether the last run left a server's data to go on with; said once.

    The data of a run that was killed, or of other migrations, is not used again.
    """
    try:
        return STOPPED.read_text() == template_name()
    except FileNotFoundError:
        return False
    finally:
        STOPPED.unlink(missing_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops it with the last run that used it, so that nothing outlives the tests."""
    lease = config.stash.get(LEASE, None)
    if lease is None:
        return
    with suppress(BlockingIOError):
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        postgres.stop(TEST_CLUSTER)
        STOPPED.write_text(template_name())
    os.close(lease)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each process copies its database from one that has every migration."""
    if name := os.environ.get("TESTS_TEMPLATE"):
        ensure_template(name, TEST_HOME / "template.lock")
        connection.settings_dict["TEST"]["TEMPLATE"] = name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what drives a browser. Playwright keeps an event loop in its process for good, and with
    it Django opens other connections and refuses forks, so those tests run in processes of their
    own (`make pytest`)."""
    for item in items:
        if "_chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuses every connection that would leave this machine. Unix sockets are this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_browser_path(), args=QUIET_BROWSER, headless=True
        )
        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        browser.close()


@pytest.fixture
def browser_page(_chromium: Browser) -> Iterator[Page]:
    """A fresh page of its own session, 1280 × 800. Fails the test when a script of the page
    throws."""
    context = open_context(_chromium, viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def _browser_path() -> str:
    """What infra/browser.sh found. A missing browser fails rather than skips: the pages would
    otherwise go unchecked without a sound."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return named
    note = ROOT / ".tools" / "browser"
    if not note.exists():
        pytest.fail("no browser for the tests yet: run `make browser`")
    return note.read_text().strip()
