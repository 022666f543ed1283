"""A Saleor that sells, over real HTTP: it calls our webhooks back through a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.fakes.saleor_keys import SigningSaleor
from tests.fakes.saleor_sales import SellingSaleor

_HEARS_FOR = 18.0  # seconds, as a real one


class HttpSaleor(SellingSaleor):
    """`webhooks` is where our shop answers; `url` is where this Saleor does."""

    def __init__(self, channels: Any, keys: SigningSaleor) -> None:
        super().__init__(self._call_back, channels)
        self.keys = keys
        self.webhooks = ""
        self.url = ""
        self._http = httpx.Client(timeout=_HEARS_FOR, limits=httpx.Limits(max_connections=None))

    def _call_back(self, webhook: str, body: dict[str, Any]) -> Any:
        raw = json.dumps(body).encode()
        headers = {
            "Saleor-Api-Url": self.url,
            "Saleor-Signature": self.keys.sign(raw),
            "Content-Type": "application/json",
        }
        address = f"{self.webhooks}/saleor/webhooks/{webhook}"
        try:
            answer = self._http.post(address, content=raw, headers=headers)
        except httpx.HTTPError:
            return None
        return answer.json() if answer.status_code == 200 else None

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Listens on a free port of this machine."""
        handler = type("Handler", (_Handler,), {"saleor": self})
        server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{server.server_port}/graphql/"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            self._http.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    saleor: HttpSaleor

    def do_POST(self) -> None:
        """One operation."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = httpx.Request("POST", self.saleor.url, headers=dict(self.headers), content=body)
        answer = self.saleor._answer(request)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""
