"""A province to come, by one file of links: codes and names of nobody."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path

import pytest

from cakupan.core import area_history, area_reference, areas

#: predecessor, successor, kind, whether the ends of the codes stay, name
LINKS = [
    ("64", "64", "split", "", ""),
    ("64", "99", "split", "", "Provinsi Contoh"),
    ("64.09", "64.09", "split", "", ""),
    ("64.09", "99.01", "split", "", "Kota Contoh"),
    ("64.09.04", "99.01.01", "recode", "ya", "Kecamatan Contoh"),
    ("64.02.05", "99.01.02", "recode", "ya", "Kecamatan Contoh Dua"),
]


def add_province(patch: pytest.MonkeyPatch, folder: Path, day: dt.date) -> None:
    """The reference of a deployment that adds ``history_contoh.csv``.

    Args:
        patch: undone by its owner, who then calls :func:`forget`.
        folder: not there yet; gets a copy of the shipped files.
        day: first day of the new areas.
    """
    shutil.copytree(area_reference.folder(), folder)
    header = (folder / "history.csv").read_text("utf-8").splitlines()[0].split(",")
    with (folder / "history_contoh.csv").open("w", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for before, after, kind, tails, name in LINKS:
            writer.writerow(
                [before, after, kind, day, tails, "", name, "U", "contoh uji", ""]
            )
    patch.setattr(area_reference, "folder", lambda: folder)
    forget()


def forget() -> None:
    """What was read of the files is read again."""
    for module in (area_reference, area_history, areas):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
