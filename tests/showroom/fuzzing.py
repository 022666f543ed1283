"""Reads damaged files one after another, each in a forked child with the sandbox's own limits.

    python -m tests.showroom.fuzzing FOLDER COUNT SECONDS

prints one JSON line: how many files were tried, what became of them, the most memory one took, and
what became of the first accepted ones of every format when they were built whole. A
fork of one prepared interpreter costs 10 ms where a fresh one costs 300, so thousands fit a minute;
what the child runs is `infra.confinement.child.carry_out`, confined as in every real load.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import cascadio
import DracoPy
import rhino3dm

from infra import confinement
from infra.confinement.child import carry_out
from infra.confinement.request import Request
from showroom import formats, parcel
from showroom.errors import Refused, Unreadable
from showroom.limits import Limits
from showroom.pipeline import MODELS, build
from showroom.sandbox import accepted, load
from tests.patience import stretched

PRELOADED = (cascadio, DracoPy, rhino3dm, formats)
BUILT = 2  # accepted files of each format that are built whole: half a second each
CONFINEMENT = confinement.found()
LIMITS = Limits(cpu_seconds=8, wall_seconds=stretched(20), memory_bytes=2 << 30)


def damaged(blob: bytes, chance: random.Random) -> bytes:
    """The file cut, flipped, overwritten, repeated, or with a number made huge."""
    data = bytearray(blob)
    way = chance.randrange(6)
    if way == 0:
        return bytes(data[: chance.randrange(len(data))])
    if way == 1:
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif way == 2:
        start = chance.randrange(len(data))
        data[start : start + chance.randrange(1, 64)] = chance.randbytes(16)
    elif way == 3:
        start = chance.randrange(len(data))
        data[start:start] = data[start : start + chance.randrange(1, 2000)]
    elif way == 4:
        start = chance.randrange(max(len(data) - 4, 1))
        data[start : start + 4] = chance.choice(
            (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f")
        )
    else:
        digits = [i for i, byte in enumerate(data[:4000]) if 48 <= byte < 58]
        for _ in range(3):
            if digits:
                data[chance.choice(digits)] = chance.choice(b"0123456789-.eE")
    return bytes(data)


def cases(folder: Path, count: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files over every sound one in the folder, the same on every run."""
    sources = [(path.suffix[1:], path.read_bytes()) for path in sorted(folder.iterdir())]
    for number in range(count):
        name, blob = sources[number % len(sources)]
        yield name, damaged(blob, random.Random(number))


def outcome(source: Path, answer: Path) -> tuple[str, int]:
    """What became of one file, and the kilobytes its child took."""
    answer.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            task = "showroom.sandbox_tasks:read"
            request = Request(task, source, answer.parent, LIMITS.bounds, given=asdict(LIMITS))
            status = carry_out(json.loads(request.line(CONFINEMENT)))
        finally:
            os._exit(status)
    deadline = time.monotonic() + LIMITS.wall_seconds
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001)
    if os.waitstatus_to_exitcode(status) in (-signal.SIGKILL, -signal.SIGXCPU):
        return "too_slow", usage.ru_maxrss  # ended by the clock, ours or its own
    if status != 0 or not answer.is_file():
        return "child died", usage.ru_maxrss
    try:
        accepted(*parcel.read(answer), LIMITS)
    except Unreadable as error:
        return error.code, usage.ru_maxrss
    return "accepted", usage.ru_maxrss


def built(source: Path, out: Path) -> str:
    """What a whole build makes of an accepted file: "built" when every file passed its judge."""
    try:
        report = build(source, out, recipe=MODELS, limits=LIMITS)
    except Refused as error:
        return error.problems[0].code if not out.exists() else "published though refused"
    if any(verdict["errors"] for verdict in report.validator):
        return "published with errors"
    again = [load(path, LIMITS)[1] for path in sorted(out.glob("*.glb"))]
    return "built" if again and all(scene.triangles for scene in again) else "published empty"


def main() -> None:
    """Fuzz for as many files and as long as the arguments say."""
    folder, count, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    tried: Counter[str] = Counter()
    became: Counter[str] = Counter()
    wholes: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    most = 0
    began = time.monotonic()
    source, answer = folder.parent / "damaged", folder.parent / "answer"
    for number, (name, blob) in enumerate(cases(folder, count)):
        if time.monotonic() - began > seconds:
            break
        source.write_bytes(blob)
        result, memory = outcome(source, answer)
        tried[name] += 1
        became[result] += 1
        most = max(most, memory)
        if result == "accepted" and taken[name] < BUILT:
            taken[name] += 1
            wholes[built(source, folder.parent / f"built-{number}")] += 1
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {"tried": tried, "became": became, "built": wholes, "child_kb": most, "own_kb": own}
        )
    )


if __name__ == "__main__":
    main()
