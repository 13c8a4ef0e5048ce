"""Files of senders through staging and quality, on every engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.runs.check import Checked, check_file
from engines import run_on_engines
from expectations.typed_rows import STORED


def checked(folder: Path, source: Path, file_name: str, slot: Slot) -> Checked:
    """What the checks say of a file; what they write lies in ``folder``."""
    found: list[Checked] = []

    def run(settings: Settings, out: Path) -> Checked:
        one = check_file(settings, source, file_name, slot, out)
        found.append(one)
        return replace(one, raw=None, accepted=None, quarantined=None)

    settings = Settings(home=folder / "home", threads=2)
    # a file that reports zero, or is refused as it is read, has no rows to stage
    run_on_engines(settings, folder, run, same_files=STORED, is_opened=False)
    return found[0]
