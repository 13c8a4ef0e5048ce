"""Time, processor time and peak memory of a process tree and of its database server.

Processor time is what can be compared on a machine that others use too.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from bench.memory import tree_bytes, tree_pids

_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Usage:
    """What a stage took.

    Attributes:
        seconds: by the clock.
        cpu: processor seconds of the job and its children.
        server_cpu: those of the database server.
        peak: bytes of the job and its children at their highest.
    """

    seconds: float
    cpu: float
    server_cpu: float
    peak: int


class Meter(threading.Thread):
    """Looks at two process trees five times a second.

    A process that lives shorter than that is missed; none of ours does much in it.

    Args:
        job: process id of the job.
        server: process id of the database server, whose memory is not counted.
    """

    def __init__(self, job: int, server: int) -> None:
        super().__init__(daemon=True)
        self._roots = (job, server)
        self._spent: tuple[dict[str, float], dict[str, float]] = ({}, {})
        self._peak = 0
        self._highest = 0
        self._marks = (time.perf_counter(), 0.0, 0.0)
        self._begun = self._marks
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Look until told to end."""
        while not self._ended.wait(_EVERY):
            self._look()

    def take(self) -> Usage:
        """Usage since the last call."""
        self._look()
        now = self._now()
        found = _between(self._marks, now, self._peak)
        self._marks, self._peak = now, 0
        return found

    def end(self) -> Usage:
        """Stop looking; usage since the beginning."""
        self._ended.set()
        self.join()
        now = self._now()
        return _between(self._begun, now, self._highest)

    def _now(self) -> tuple[float, float, float]:
        job, server = (sum(spent.values()) for spent in self._spent)
        return time.perf_counter(), job, server

    def _look(self) -> None:
        with self._lock:
            for root, spent in zip(self._roots, self._spent, strict=True):
                for pid in tree_pids(root):
                    known = _cpu_of(pid)
                    if known is not None:
                        spent[known[0]] = known[1]
            seen = tree_bytes(self._roots[0])
            self._peak, self._highest = max(self._peak, seen), max(self._highest, seen)


def _between(
    first: tuple[float, float, float], last: tuple[float, float, float], peak: int
) -> Usage:
    seconds, cpu, server = (b - a for a, b in zip(first, last, strict=True))
    return Usage(seconds, cpu, server, peak)


def _cpu_of(pid: int) -> tuple[str, float] | None:
    """Who it is (an id can be given again) and its processor seconds."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return f"{pid}/{fields[19]}", (int(fields[11]) + int(fields[12])) / _TICKS
