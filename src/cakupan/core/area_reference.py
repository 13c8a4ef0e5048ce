"""The area list as it is shipped: what the files of ``include/reference/areas`` hold.

Codes and names: Kemendagri list as given by ``idn-area-data`` 4.0.1, ODbL; aliases,
retired codes, their history and the BPS crosswalk with their sources. Everything is
read once per process; villages only when one is asked for.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from cakupan.core.resources import include

LinkKind = Literal["split", "merge", "rename", "recode"]


@dataclass(frozen=True, slots=True)
class AreaLink:
    """What became of an area on a day: one row of ``history*.csv``.

    An area that goes on in changed bounds is its own successor in a split or merge; one
    that is not has ended.

    Attributes:
        predecessor_code: dotted Kemendagri code before the day.
        successor_code: dotted Kemendagri code from the day on.
        kind: ``split`` (the predecessor went to several areas), ``merge`` (several
            areas went to the successor), ``recode`` (the same area under another code;
            with a successor of a higher level: it went there, the new code of its own
            level is not known), ``rename`` (same code, another name).
        valid_from: first day of the successor.
        keeps_tails: the codes below kept their last parts (91.01.01 -> 93.01.01).
        predecessor_name: name before the day, ``""`` where a list has it.
        successor_name: name from the day on, ``""`` where a list has it.
        certainty: V verified, D derived, S secondary, U to confirm.
        source: where it is stated.
        note: Indonesian, what is to be confirmed, ``""`` when nothing.
    """

    predecessor_code: str
    successor_code: str
    kind: LinkKind
    valid_from: dt.date
    keeps_tails: bool
    predecessor_name: str
    successor_name: str
    certainty: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class RetiredCode:
    """A code that is no longer given out but lives on in NIKs and old files.

    Attributes:
        code: dotted Kemendagri code of a regency or district.
        name: its name where known, else ``""``.
        certainty: V verified, D derived, U to confirm.
    """

    code: str
    name: str
    certainty: str


def folder() -> Path:
    """Where the files lie."""
    return include("reference", "areas")


def rows(name: str) -> Iterable[dict[str, str]]:
    """Rows of one CSV file."""
    return csv.DictReader((folder() / name).read_text("utf-8").splitlines())


@cache
def upper() -> dict[str, str]:
    """Name by code of the provinces, regencies and districts in the list."""
    return {row["area_code"]: row["name"] for row in rows("areas.csv")}


@cache
def villages() -> dict[str, str]:
    """Name by code of the villages in the list."""
    data = gzip.decompress((folder() / "villages.csv.gz").read_bytes())
    lines = csv.reader(data.decode().splitlines())
    next(lines)
    return {row[0]: row[2] for row in lines}


@cache
def retired() -> dict[str, RetiredCode]:
    """Codes that are not in the list any more."""
    return {
        row["area_code"]: RetiredCode(row["area_code"], row["name"], row["certainty"])
        for row in rows("retired.csv")
    }


@cache
def bps() -> tuple[dict[str, str], dict[str, str]]:
    """BPS code -> area, and area -> BPS code in use today."""
    found = list(rows("bps_crosswalk.csv"))
    return (
        {row["bps_code"]: row["area_code"] for row in found},
        {
            row["area_code"]: row["bps_code"]
            for row in found
            if row["is_current"] == "ya"
        },
    )


@cache
def links() -> tuple[AreaLink, ...]:
    """Rows of every ``history*.csv``, the earliest first.

    A deployment adds an area to come (a new province, a split) with a file of its own.
    """
    found = [
        AreaLink(
            predecessor_code=row["predecessor_code"],
            successor_code=row["successor_code"],
            kind=row["kind"],  # type: ignore[arg-type]  # as the file says
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            keeps_tails=row["keeps_tails"] == "ya",
            predecessor_name=row["predecessor_name"],
            successor_name=row["successor_name"],
            certainty=row["certainty"],
            source=row["source"],
            note=row["note"],
        )
        for path in sorted(folder().glob("history*.csv"))
        for row in rows(path.name)
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (one.valid_from, one.predecessor_code, one.successor_code),
        )
    )
