"""Peak memory of a process and its children, without the database server."""

from __future__ import annotations

import threading
from pathlib import Path

_PAGE = 4096


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def tree_pids(pid: int) -> list[int]:
    """A process and everything below it."""
    return [pid, *(one for child in _children(pid) for one in tree_pids(child))]


def tree_bytes(pid: int) -> int:
    """Proportional set size of a process tree, PostgreSQL left out, in bytes."""
    total = 0
    for one in [pid, *_children(pid)]:
        try:
            if "postgres" in Path(f"/proc/{one}/comm").read_text():
                continue
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += (
                next(int(x.split()[1]) for x in lines if x.startswith("Pss:")) * 1024
            )
            if one != pid:
                total += sum(tree_bytes(child) for child in _children(one))
        except (OSError, StopIteration):
            continue
    return total


class Sampler(threading.Thread):
    """Looks at a process tree ten times a second and keeps the highest value seen."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.mark = pid, 0, 0
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample until told to end."""
        while not self._ended.wait(0.1):
            seen = tree_bytes(self.pid)
            self.peak, self.mark = max(self.peak, seen), max(self.mark, seen)

    def take(self) -> int:
        """The highest value since the last call, bytes."""
        seen, self.mark = self.mark, 0
        return seen

    def end(self) -> None:
        """Stop sampling."""
        self._ended.set()
        self.join()
