"""Scratch folders: gone on leaving, and gone after whoever was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cakupan.core.scratch import remove_leftovers, scratch_folder

PROGRAM = """
import os, signal, sys
from pathlib import Path
from cakupan.core.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1]), "uji") as folder:
    (folder / "rows").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_gone_on_leaving(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "work", "uji") as folder:
        assert folder.name.startswith("uji-")
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "deep").mkdir()
        (folder / "deep" / "rows").write_text("x")
    assert list((tmp_path / "work").iterdir()) == []


def test_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch_folder(tmp_path, "uji"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_in_use_stays(tmp_path: Path) -> None:
    with (
        scratch_folder(tmp_path, "satu") as one,
        scratch_folder(tmp_path, "dua") as two,
    ):
        assert remove_leftovers(tmp_path) == 0
        assert one.is_dir()
        assert two.is_dir()


def test_of_a_killed_process_goes(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(tmp_path.rglob("rows"))) == 1
    with scratch_folder(tmp_path, "lain") as mine:
        assert remove_leftovers(tmp_path) == 1
        assert list(tmp_path.iterdir()) == [mine]


def test_nothing_to_remove(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert remove_leftovers(tmp_path / "none") == 0
    assert remove_leftovers(tmp_path) == 0
    assert (tmp_path / "file").exists()
