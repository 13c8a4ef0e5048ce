"""Scratch folders that do not outlive their process.

They hold rows of persons. A folder is removed on leaving; one whose process was killed
is removed by the next that starts: every folder is locked by whoever uses it, and a
lock dies with its process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def scratch_folder(work_dir: Path, purpose: str) -> Iterator[Path]:
    """An empty folder below ``work_dir``, removed on leaving.

    Args:
        work_dir: ``settings.work_dir``; made when it is missing.
        purpose: beginning of its name.
    """
    work_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work_dir, prefix=f"{purpose}-") as made:
        folder = Path(made)
        with _locked(work_dir, fcntl.LOCK_EX):
            # somebody who swept between these lines has removed it
            folder.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_SH)
        try:
            yield folder
        finally:
            os.close(handle)


def remove_leftovers(work_dir: Path) -> int:
    """Remove scratch folders of processes that are no more; how many there were.

    Where the file system knows no locks nothing is removed.
    """
    if not work_dir.is_dir():
        return 0
    removed = 0
    with _locked(work_dir, fcntl.LOCK_EX) as is_locked:
        for folder in sorted(work_dir.iterdir()) if is_locked else ():
            if folder.is_dir() and not folder.is_symlink() and _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def _is_abandoned(folder: Path) -> bool:
    with _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB) as is_locked:
        return is_locked


@contextmanager
def _locked(folder: Path, kind: int) -> Iterator[bool]:
    """Hold the lock of a folder while inside; whether that worked."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, kind)
            is_locked = True
        except OSError:
            is_locked = False
        yield is_locked
    finally:
        os.close(handle)
