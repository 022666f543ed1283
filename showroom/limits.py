"""What reading one file may cost: by default up to 500 MB and 5 million triangles."""

from __future__ import annotations

from dataclasses import dataclass

from infra.confinement.request import Bounds

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one load, all enforced by the operating system or checked while reading."""

    file_bytes: int = 500 * MIB
    triangles: int = 5_000_000
    placements: int = 20_000  # instances, after every block inside a block is resolved
    parts: int = 5_000
    memory_bytes: int = 2048 * MIB  # address space of the child
    cpu_seconds: int = 240
    wall_seconds: float = 300.0
    open_files: int = 64
    written_bytes: int = 1024 * MIB
    unpacked_bytes: int = 1024 * MIB  # of an archive; a ratio over 200 is refused as well
    step_deflection: float = 0.01  # mm between a STEP surface and its triangles

    @property
    def bounds(self) -> Bounds:
        """Those of them that hold for the reading child as a process."""
        return Bounds(
            self.memory_bytes,
            self.cpu_seconds,
            self.wall_seconds,
            self.open_files,
            self.written_bytes,
        )


DEFAULTS = Limits()
