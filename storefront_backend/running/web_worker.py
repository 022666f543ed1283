"""A web process: waitress receives and sends, gunicorn's arbiter watches from outside.

A thread is given a request only when all of it has arrived, and is free when its answer has been
made: what clients do slowly costs memory, not threads. Threads cannot be stopped in Python, so a
request that runs too long ends its process: it accepts nothing more, lets the others finish, and
exits; the arbiter starts another. Where not even that is possible, because some code of C does not
release the interpreter, the arbiter misses the sign of life and kills the process.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher

from storefront_backend.running import web_server as bounds


class BufferedWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker class; its configuration is `running.web_server`."""

    def run(self) -> None:
        """Serve until the arbiter says stop, or a request runs too long."""
        self.clock = Clock(self.wsgi, bounds.REQUEST_SECONDS)
        self.connections: dict[int, Any] = {}
        self.lanes = Lanes(self.cfg.threads, bounds.RESERVED_THREADS)
        create_server(
            self.clock,
            map=self.connections,
            _dispatcher=self.lanes,
            sockets=[each.sock for each in self.sockets],
            connection_limit=_connection_limit(),
            channel_timeout=bounds.IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=bounds.MOST_HEADERS,
            max_request_body_size=bounds.MOST_BODY,
            # Django reads them, by its own settings of which proxies are trusted.
            clear_untrusted_proxy_headers=False,
            ident=None,
            asyncore_use_poll=True,
        )
        for server in self.servers():
            server.channel_class = TimedChannel
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self.turn(1.0)
            if self.clock.overdue():
                self.replace()
        self.finish(time.monotonic() + self.cfg.graceful_timeout)

    def servers(self) -> list[Any]:
        """One for each address that is listened on."""
        return [each for each in self.connections.values() if isinstance(each, BaseWSGIServer)]

    def turn(self, seconds: float) -> None:
        """Receive and send what there is; drop who takes too long to say what he wants."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.connections, count=1)
        now = time.monotonic()
        for each in list(self.connections.values()):
            if isinstance(each, TimedChannel) and each.is_late(now):
                each.handle_close()

    def replace(self) -> None:
        """A request does not end: let the others finish, then leave the rest to a new process."""
        for path, seconds in self.clock.overdue():
            self.log.critical("Request runs for %d s, replacing worker: %s", seconds, path)
        faulthandler.dump_traceback(all_threads=True)
        self.stop_accepting()
        # The arbiter gets no sign of life from here on: should this not end, it ends us.
        until = time.monotonic() + self.cfg.timeout - 2
        while time.monotonic() < until and self.busy(besides=len(self.clock.overdue())):
            self.turn(0.1)
        # Not sys.exit: nothing may wait for the thread that does not end.
        os._exit(1)

    def finish(self, until: float) -> None:
        """No more requests; those that are there are answered."""
        self.stop_accepting()
        while time.monotonic() < until and self.busy():
            self.notify()
            self.turn(0.1)
        self.lanes.shutdown(cancel_pending=True, timeout=0.1)

    def stop_accepting(self) -> None:
        """Accept nothing more; other processes go on listening at the same address."""
        for server in self.servers():
            server.accepting = False
            with suppress(OSError):
                server.close()

    def busy(self, besides: int = 0) -> bool:
        """Whether somebody waits for an answer, or for the rest of one."""
        channels = [each for each in self.connections.values() if isinstance(each, HTTPChannel)]
        waiting = sum(1 for each in channels if each.requests or each.total_outbufs_len)
        return waiting > besides


class TimedChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that knows since when it has been receiving the current request."""

    began = 0.0
    came = 0

    def received(self, data: bytes) -> Any:
        """Take in what came."""
        if self.request is None:
            self.began, self.came = time.monotonic(), 0
        self.came += len(data)
        return super().received(data)

    def is_late(self, now: float) -> bool:
        """Whether the request takes longer to arrive than any honest line would."""
        request = self.request
        if request is None or self.requests:
            return False
        took = now - self.began
        if not request.headers_finished:
            return took > bounds.HEADER_SECONDS
        return took > bounds.BODY_SECONDS and self.came < took * bounds.SLOWEST_BODY


class Lanes:
    """Two pools of threads: shoppers' and a reserved one. waitress's dispatcher, twice."""

    def __init__(self, threads: int, reserved: int) -> None:
        self.shoppers, self.reserved = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self.shoppers.set_thread_count(threads)
        self.reserved.set_thread_count(reserved)

    def add_task(self, channel: Any) -> None:
        """Queue the channel's next request where it belongs."""
        path = str(getattr(channel.requests[0], "path", ""))
        lane = self.reserved if path.startswith(bounds.RESERVED_PATHS) else self.shoppers
        lane.add_task(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> None:
        """Threads end when their request does."""
        for lane in (self.shoppers, self.reserved):
            lane.shutdown(cancel_pending, timeout)


class Clock:
    """The WSGI application, with the time that each request has been running."""

    def __init__(self, application: Any, limit: float) -> None:
        self.application = application
        self.limit = limit
        self.running: dict[object, tuple[float, str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.counted(environ):
            answer = self.application(environ, start_response)
        if isinstance(answer, ReadOnlyFileBasedBuffer):
            return answer  # type: ignore[no-any-return]  # a file, which the main loop sends
        return self.chunks(answer, environ)

    def chunks(self, answer: Any, environ: dict[str, Any]) -> Iterator[bytes]:
        """The answer; making a chunk counts, waiting for the client to take it does not."""
        parts = iter(answer)
        try:
            while True:
                with self.counted(environ):
                    chunk = next(parts, None)
                if chunk is None:
                    return
                yield chunk
        finally:
            if hasattr(answer, "close"):
                with self.counted(environ):
                    answer.close()

    @contextmanager
    def counted(self, environ: dict[str, Any]) -> Iterator[None]:
        """Our code runs in here."""
        mark = object()
        # The first part of the path only: the rest may hold a token.
        place = "/" + environ.get("PATH_INFO", "").lstrip("/").partition("/")[0]
        self.running[mark] = time.monotonic(), place
        try:
            yield
        finally:
            del self.running[mark]

    def overdue(self) -> list[tuple[str, float]]:
        """Where requests run longer than they may, and for how many seconds."""
        now = time.monotonic()
        running = list(self.running.values())
        return [(path, now - began) for began, path in running if now - began > self.limit]


def _connection_limit() -> int:
    """As many as configured, if the system lets a process have so many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * bounds.MOST_CONNECTIONS + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(50, min(bounds.MOST_CONNECTIONS, (soft - 200) // 2))
    return bounds.MOST_CONNECTIONS
