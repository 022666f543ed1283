"""A process that dies by SIGKILL at its n-th step, for every n.

A step is what can be seen from outside after a death: just before and just after each commit (and
each statement outside of a transaction, which commits by itself), and just before and just after
each call of the payment provider. A death anywhere between two such points leaves the same behind
as at the first of them, because PostgreSQL rolls an open transaction back.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, connections

from storefront_backend.payments.sandbox import SandboxProvider

VERBS = ("start", "look_up", "capture", "refund", "cancel")
_MOST = 60


def deaths(run: Callable[[Any], None], prepare: Callable[[], Any]) -> Iterator[Any]:
    """Yields what `prepare` made, after `run` was given it and killed: once for each step."""
    for step in range(1, _MOST):
        given = prepare()
        connections.close_all()  # a connection is not shared with the child
        child = os.fork()
        if child == 0:
            signal.alarm(120)  # a child that hangs fails the test rather than holding it up
            _burn(step, lambda given=given: run(given))
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, "the run failed by itself"
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        yield given
    raise AssertionError(f"not finished after {_MOST} steps")


def _burn(steps: int, run: Callable[[], None]) -> None:
    left = [steps]

    def tick() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for verb in VERBS:
        setattr(SandboxProvider, verb, _ticking(getattr(SandboxProvider, verb), tick))
    setattr(connection, "_commit", _ticking(connection._commit, tick))  # noqa: B010 - typed

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        alone = not connection.in_atomic_block and not sql.startswith("SELECT")
        return _ticking(execute, tick if alone else lambda: None)(sql, params, many, context)

    status = 1
    try:
        with connection.execute_wrapper(statement):
            run()
        status = 0
    finally:
        os._exit(status)  # whatever happened: a child must not go on with its parent's tests


def _ticking[**Given, Answer](
    call: Callable[Given, Answer], tick: Callable[[], None]
) -> Callable[Given, Answer]:
    def ticking(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        tick()
        answer = call(*args, **kwargs)
        tick()
        return answer

    return ticking
