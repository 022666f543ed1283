"""How the web processes run: gunicorn's configuration, for `make run`, the container and tests.

    gunicorn --config python:storefront_backend.running.web_server storefront_backend.wsgi

gunicorn's arbiter starts, watches and replaces the processes; `web_worker` is what runs in each.
Names in lower case are gunicorn's own settings; docs/adr/0010-requests-have-bounds.md says why
these. Everything that bounds a request outside of Python's reach is set here:

| what                                  | bound                                          |
|---------------------------------------|------------------------------------------------|
| a connection that says nothing        | closed after IDLE_SECONDS                      |
| a request whose headers do not end    | closed after HEADER_SECONDS                    |
| a body that comes slowly              | closed below SLOWEST_BODY after BODY_SECONDS   |
| a body that is too large              | 413 over MOST_BODY                             |
| a request that does not end           | its process is replaced after REQUEST_SECONDS  |
| a process that does nothing any more  | killed by the arbiter after `timeout`          |
"""

from __future__ import annotations

import faulthandler
import os
from typing import Any

_MEGABYTE = 1024 * 1024

# --- gunicorn's ---------------------------------------------------------------------------------
wsgi_app = "storefront_backend.wsgi:application"
worker_class = "storefront_backend.running.web_worker.BufferedWorker"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))
timeout = 10  # seconds without a sign of life; a worker gives one each second
graceful_timeout = 5
# Loaded once and forked: half the time and memory of loading it in every process.
preload_app = True
loglevel = "warning"
control_socket_disable = True
# One line a request is logged by `request_log`, without the tokens in its address.
accesslog = None


def worker_abort(worker: Any) -> None:
    """The arbiter ends a worker: say what each of its threads was doing."""
    faulthandler.dump_traceback(all_threads=True)


# --- ours ---------------------------------------------------------------------------------------
# Kept free for requests of machines, so that Saleor is answered while shoppers wait for it, and
# a supervisor gets an answer while every other thread is busy.
RESERVED_THREADS = int(os.environ.get("WEB_RESERVED_THREADS", "4"))
RESERVED_PATHS = ("/webhooks/", "/saleor/", "/health/")
# No request of ours takes longer on purpose: Saleor and payment providers are given up before.
REQUEST_SECONDS = int(os.environ.get("WEB_REQUEST_SECONDS", "60"))
HEADER_SECONDS = 10
IDLE_SECONDS = 60
BODY_SECONDS = 30
SLOWEST_BODY = 4 * 1024  # bytes a second
MOST_HEADERS = 32 * 1024  # bytes
# A part of an upload (UPLOAD_PART_MEGABYTES) or a sheet, and what a form adds to it.
MOST_BODY = (max(32, int(os.environ.get("UPLOAD_PART_MEGABYTES", "8"))) + 1) * _MEGABYTE
MOST_CONNECTIONS = 1_000  # a process
