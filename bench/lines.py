"""A measured thing beside its limit, and what stood on the machine meanwhile."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One measured thing beside its limit.

    Attributes:
        is_least: the limit is the least that is allowed, not the most.
    """

    name: str
    value: float
    limit: float
    unit: str
    remark: str = ""
    is_least: bool = False

    @property
    def is_kept(self) -> bool:
        return self.value >= self.limit if self.is_least else self.value <= self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.is_kept else "TOO LITTLE" if self.is_least else "TOO MUCH"
        measured = f"  {self.name:<44}{self.value:9.2f} {self.unit:<6}"
        least = "at least" if self.is_least else "at most "
        return f"{measured}{least} {self.limit:<6g}{verdict:<11}{self.remark}"


def machine() -> str:
    """Return cores and memory, as they stand under every figure."""
    return f"{os.cpu_count()} cores, {_memory_gib():.0f} GiB"


def load() -> str:
    """Return how busy the machine is, by its own average."""
    return f"load {' '.join(f'{one:.1f}' for one in os.getloadavg())} on {os.cpu_count()} cores"


def _memory_gib() -> float:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) / 1024**2
    return 0.0
