"""Denominators shipped with the product: how many could be covered, and who says so.

Source: ``include/reference/denominators.csv``. Regencies without a published figure are
absent on purpose; users send theirs as dataset ``penyebut``.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache

from cakupan.core.resources import include

#: Stands in the column of the definition where an area has no denominator.
NO_DEFINITION = "tidak_ada"


@dataclass(frozen=True, slots=True, order=True)
class Denominator:
    """One figure.

    Attributes:
        area_code: dotted Kemendagri code of a province or regency.
        segment: ``PU``, ``BPU`` or ``ALL``.
        definition_id: what is counted; figures of two definitions never mix.
        reference_date: last day of the month the figure is about.
        person_count: persons.
        source: publisher and place of publication, Indonesian.
        vintage: edition or revision of the figure, Indonesian.
        certainty: ``V`` stated by the source, ``D`` derived from such figures.
        note: Indonesian, ``""`` when there is none.
    """

    area_code: str
    segment: str
    definition_id: str
    reference_date: dt.date
    person_count: int
    source: str
    vintage: str
    certainty: str
    note: str


@cache
def _all() -> tuple[Denominator, ...]:
    text = include("reference", "denominators.csv").read_text("utf-8")
    return tuple(
        sorted(
            Denominator(
                area_code=row["kode_wilayah"],
                segment=row["segmen"],
                definition_id=row["definisi"],
                reference_date=dt.date.fromisoformat(row["tanggal_acuan"]),
                person_count=int(row["jumlah_orang"]),
                source=row["sumber"],
                vintage=row["edisi"],
                certainty=row["kepastian"],
                note=row["catatan"],
            )
            for row in csv.DictReader(text.splitlines())
        )
    )


def shipped(province: str) -> tuple[Denominator, ...]:
    """Shipped figures of a province and its regencies, in key order."""
    return tuple(row for row in _all() if row.area_code[:2] == province)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a denominator counts, Indonesian.

    Attributes:
        name: in a sentence.
        meaning: who is counted, in full.
    """

    name: str
    meaning: str


@cache
def definitions() -> dict[str, Definition]:
    """Known definitions by id; senders may use others."""
    text = include("reference", "denominator_definitions.csv").read_text("utf-8")
    return {
        row["definisi"]: Definition(row["nama"], row["uraian"])
        for row in csv.DictReader(text.splitlines())
    }
