"""Whether a Saleor is ready for us: each point is green, or says what to do.

The clock is judged by the Date header of an answer, which is exact to a second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from storefront_backend.commerce.errors import CommerceError
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.identity import Identity, identity
from storefront_backend.saleor.manifest import (
    APP_ID,
    APP_VERSION,
    OLDEST_SALEOR,
    PERMISSIONS,
    manifest,
)
from storefront_backend.saleor.transport import Saleor, Upload, accepted

_CLOCK_MAY_DIFFER = timedelta(seconds=30)
# The smallest file that is a GLB: a header that announces 12 bytes and nothing more.
_TINY_GLB = b"glTF" + (2).to_bytes(4, "little") + (12).to_bytes(4, "little")


@dataclass(frozen=True, slots=True)
class Finding:
    """One point: `to_do` is empty where all is well."""

    point: str
    says: str
    to_do: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is nothing to do."""
        return not self.to_do


@dataclass(frozen=True, slots=True)
class Checkup:
    """What is needed to look a Saleor over; `markets` are those that we sell in."""

    saleor: Saleor
    webhook_url: str
    markets: Sequence[str]
    now: Callable[[], datetime]
    http: httpx.Client

    def run(self) -> list[Finding]:
        """All points, even where an earlier one fails; without an answer there is only that."""
        try:
            who = identity(self.saleor)
        except CommerceError as error:
            return [Finding("connection", error.message, error.hint or "See docs/saleor.md")]
        return [
            Finding("connection", f"{self.saleor.url} answers as app {who.app_id}"),
            _version(who),
            _app(who),
            _permissions(who),
            _webhooks(who, self.webhook_url),
            self._clock(),
            self._uploads(),
            *self._taxes(),
        ]

    def _clock(self) -> Finding:
        try:
            answer = self.http.get(self.saleor.url, timeout=10)
            theirs = parsedate_to_datetime(answer.headers["Date"])
        except (httpx.HTTPError, KeyError, ValueError):
            return Finding("clock", "Saleor does not say what time it is")
        apart = abs(self.now() - theirs)
        if apart > _CLOCK_MAY_DIFFER:
            seconds = int(apart.total_seconds())
            to_do = "Set both machines by NTP: tokens and events carry times"
            return Finding("clock", f"{seconds} s apart", to_do)
        return Finding("clock", "less than half a minute apart")

    def _uploads(self) -> Finding:
        file = Upload("check.glb", _TINY_GLB, "model/gltf-binary")
        try:
            accepted(self.saleor.run("check/upload", upload=file), "CheckUpload")
        except SaleorRefused as refusal:
            return Finding(
                "3D files",
                refusal.message,
                "To keep 3D files in Saleor too, set there UPLOAD_ADDITIONAL_ALLOWED_MIME_TYPES="
                '{"model/gltf-binary": [".glb"], "model/vnd.usdz+zip": [".usdz"]}',
            )
        except CommerceError as error:
            return Finding("3D files", error.message, error.hint)
        return Finding("3D files", "GLB files are taken")

    def _taxes(self) -> list[Finding]:
        answer = self.saleor.run("check/taxes").data
        standing = {
            edge["node"]["channel"]["slug"]: edge["node"]
            for edge in answer["taxConfigurations"]["edges"]
        }
        found = []
        for market in self.markets:
            node = standing.get(market)
            if node is None:
                to_do = "manage.py saleor_bootstrap --apply"
                found.append(Finding(f"channel {market}", "is not there", to_do))
            elif (node["taxCalculationStrategy"], node["taxAppId"]) != ("TAX_APP", APP_ID):
                says = f"taxes by {node['taxCalculationStrategy']} {node['taxAppId'] or ''}".strip()
                to_do = "manage.py saleor_bootstrap --apply"
                found.append(Finding(f"channel {market}", says, to_do))
            elif node["pricesEnteredWithTax"] or not node["chargeTaxes"]:
                to_do = "manage.py saleor_bootstrap --apply"
                says = "prices must be entered without tax, and taxes charged"
                found.append(Finding(f"channel {market}", says, to_do))
            else:
                found.append(Finding(f"channel {market}", "taxes by Pavilion"))
        return found


def _version(who: Identity) -> Finding:
    if _numbers(who.saleor_version) < _numbers(OLDEST_SALEOR):
        return Finding("version", who.saleor_version, f"Upgrade Saleor to {OLDEST_SALEOR} or later")
    return Finding("version", who.saleor_version)


def _app(who: Identity) -> Finding:
    if not who.is_active:
        return Finding("app", "is switched off", "Activate the app in the Saleor Dashboard")
    if who.app_version != APP_VERSION:
        says = f"Saleor knows version {who.app_version}, this is {APP_VERSION}"
        return Finding("app", says, "Install the app again, so that Saleor reads the new manifest")
    return Finding("app", f"{who.identifier} {who.app_version}")


def _permissions(who: Identity) -> Finding:
    missing = [code for code in PERMISSIONS if code not in who.permissions]
    if missing:
        return Finding("permissions", f"lacks {', '.join(missing)}", "Install the app again")
    return Finding("permissions", f"all {len(PERMISSIONS)}")


def _webhooks(who: Identity, webhook_url: str) -> Finding:
    standing = {hook.address: hook for hook in who.webhooks}
    wanted = manifest("", webhook_url)["webhooks"]
    faults = []
    for hook in wanted:
        existing = standing.get(hook["targetUrl"])
        events = {*hook["asyncEvents"], *hook["syncEvents"]}
        if existing is None:
            faults.append(f"{hook['name']} is not registered at {hook['targetUrl']}")
        elif not existing.is_active:
            faults.append(f"{hook['name']} is switched off")
        elif not events <= existing.events or existing.query.strip() != hook["query"].strip():
            faults.append(f"{hook['name']} asks for something else")
    if faults:
        to_do = "Install the app again; WEBHOOK_URL must be where Saleor reaches us"
        return Finding("webhooks", "; ".join(faults), to_do)
    return Finding("webhooks", f"all {len(wanted)} active")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
