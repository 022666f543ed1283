"""How every kind of thing is read and marked."""

from __future__ import annotations

from typing import Any

from storefront_backend.saleor.transport import Saleor, accepted


def all_nodes(saleor: Saleor, path: str, **variables: Any) -> list[dict[str, Any]]:
    """The nodes of a query's only connection, over all pages."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        more: dict[str, Any] = {} if after is None else {"after": after}
        connection = next(iter(saleor.run(path, **variables, **more).data.values()))
        found += [edge["node"] for edge in connection["edges"]]
        page = connection.get("pageInfo") or {}
        if not page.get("hasNextPage"):
            return found
        after = page["endCursor"]


def made(saleor: Saleor, path: str, thing: str, values: dict[str, Any], *, mark: bool) -> str:
    """Create a thing, mark it as ours where its input cannot, and return its id."""
    payload = accepted(saleor.run(path, input=values), path)
    made_id: str = payload[thing]["id"]
    if mark:
        accepted(saleor.run("setup/mark", id=made_id), "MarkAsOurs")
    return made_id


def is_ours(node: dict[str, Any], key: str) -> bool:
    """Marked by us; or by our name, for a process killed between making and marking."""
    return bool(node.get("mark")) or key.lower().startswith("pavilion")
