"""A DeepL on this machine, as its public reference says, for what we use.

A translation is the text with its language before it, outside of tags.
https://developers.deepl.com/docs/api-reference/translate, 2026-11-24.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "local:fx"
TARGETS = ("EN-GB", "ZH-HANS", "ZH-HANT", "JA", "DE", "FR", "AR")


class DeepLServer:
    """`fails` is the status that the next calls answer with; `calls` what was sent."""

    def __init__(self) -> None:
        self.url = ""
        self.fails: int | None = None
        self.calls: list[dict[str, Any]] = []


@contextmanager
def deepl_server() -> Iterator[DeepLServer]:
    """Listens on this machine alone until the block ends."""
    state = DeepLServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = [{"language": each, "name": each} for each in TARGETS]
            self._answer(200, known)

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.calls.append(sent)
            if self.headers["Authorization"] != f"DeepL-Auth-Key {KEY}":
                self._answer(403, {"message": "Wrong key"})
            elif state.fails is not None:
                self._answer(state.fails, {"message": "no"})
            else:
                target = sent["target_lang"]
                found = [
                    {
                        "detected_source_language": sent["source_lang"],
                        "billed_characters": len(text),
                        "text": f"[{target}] {text}",
                    }
                    for text in sent["text"]
                ]
                self._answer(200, {"translations": found})

        def log_message(self, *_: Any) -> None:
            pass

        def _answer(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
