"""Opens pages for tests: each waits as long as tests/patience.py says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.patience import BROWSER, milliseconds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


def open_context(browser: Browser, **options: Any) -> BrowserContext:
    """A session of its own; waits, clicks, navigations and `expect` share one patience."""
    from playwright.sync_api import expect

    patience = milliseconds(BROWSER)
    context = browser.new_context(**options)
    context.set_default_timeout(patience)
    context.set_default_navigation_timeout(patience)
    expect.set_options(timeout=patience)
    return context
