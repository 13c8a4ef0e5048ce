"""The releases of a month, and the numbers the last correction moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from cakupan.core import names
from cakupan.core.schema.mart import PUBLISHED, release_differences
from cakupan.publish.approval import RELEASED
from cakupan.publish.reading import Release, selected
from cakupan.report.approval import short
from cakupan.report.cells import Cell, Unit, number
from cakupan.report.document import Block, Column, Paragraph, Table
from cakupan.report.facts import KEYS, Facts, unit_of

#: Rows of changed numbers in a report; the rest stands in ``mart.release_differences``.
MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Revisions:
    """What is known of the releases of a month.

    Attributes:
        history: rows of ``mart.releases`` up to this release, in order.
        changed: rows of ``mart.release_differences`` of the province and its regencies
            against the release this one superseded.
    """

    history: Sequence[Mapping[str, Any]]
    changed: Sequence[Mapping[str, Any]] = ()


def read_changed(
    engine: sa.Engine, release: Release, areas: Sequence[str]
) -> list[dict[str, Any]]:
    """Changed numbers of some areas against the release that was superseded."""
    if release.supersedes is None:
        return []
    table = release_differences
    query = (
        sa.select(table)
        .where(table.c.release_id == release.release_id)
        .where(table.c.previous_release_id == release.supersedes)
        .where(table.c.area_code.in_(areas))
    )
    return selected(engine, query).as_dicts()


def revision_blocks(facts: Facts, revisions: Revisions) -> list[Block]:
    """The releases, then what the last correction moved.

    A public edition only says how many numbers moved: a number before and after was
    judged by nobody, and could tell a hidden one. Drafts that were never released, and
    why, are no part of it.
    """
    history = revisions.history
    if facts.visible is not None:
        history = [row for row in history if row["approval"] in RELEASED]
    blocks: list[Block] = [_history(history, facts.province)]
    moved = sorted(revisions.changed, key=_place)
    if not moved:
        if facts.release.supersedes is not None:
            blocks.append(
                Paragraph(
                    "Terhadap rilis sebelumnya tidak ada angka provinsi atau "
                    "kabupaten/kota yang berubah."
                )
            )
        return blocks
    said = (
        f"Terhadap rilis {facts.release.supersedes} berubah {number(len(moved))} angka "
        "provinsi dan kabupaten/kota."
    )
    if facts.visible is not None:
        return [*blocks, Paragraph(f"{said} Edisi publik tidak merincinya.")]
    return [*blocks, _changed(moved, said)]


def _changed(moved: Sequence[Mapping[str, Any]], said: str) -> Table:
    left = len(moved) - MOST_ROWS
    return Table(
        "Angka yang berubah karena koreksi",
        (
            Column("Wilayah", width=1.3),
            Column("Angka", width=2.6),
            Column("Rincian", width=2.1),
            Column("Sebelum", "count"),
            Column("Sesudah", "count"),
        ),
        tuple(
            (
                Cell(names.short_area(row["area_code"])),
                Cell(title_of(row["table_name"], row["measure"])),
                Cell(row_in_words(row["table_name"], row["cell_key"])),
                value_of(row["measure"], row["before_value"]),
                value_of(row["measure"], row["after_value"]),
            )
            for row in moved[:MOST_ROWS]
        ),
        note=said
        + (
            f" {number(left)} lainnya: mart.release_differences atau cakupan differences."
            if left > 0
            else ""
        ),
        sheet="Angka berubah",
    )


def _place(row: Mapping[str, Any]) -> tuple[int, str, int, str, str]:
    """The province first, then regency by regency, in the order of the tables."""
    tables = list(PUBLISHED)
    area = str(row["area_code"])
    return (
        len(area),
        area,
        tables.index(row["table_name"]) if row["table_name"] in tables else len(tables),
        str(row["cell_key"]),
        str(row["measure"]),
    )


def row_in_words(table_name: str, cell_key: str) -> str:
    """What row of a published table a ``cell_key`` is, with names for its codes."""
    columns = KEYS.get(table_name, ())
    codes = cell_key.split(" / ")
    if len(codes) != len(columns):
        return cell_key
    return ", ".join(
        _NAMES[column](code) if column in _NAMES else code
        for column, code in zip(columns, codes, strict=True)
    )


def title_of(table_name: str, measure: str) -> str:
    """What a column holds, by its comment: not what it means to be empty, no codes."""
    table = PUBLISHED.get(table_name)
    if table is None or measure not in table.columns:
        return measure
    comment = str(table.columns[measure].comment or measure)
    return _ABOUT_CODES.sub("", comment.partition(". Kosong")[0].partition(";")[0])


def value_of(measure: str, value: str | None) -> Cell:
    """A value of ``mart.release_differences``, which holds all of them as texts."""
    if value is None:
        return Cell(None, "count")
    unit: Unit = unit_of(measure)
    try:
        return Cell(Decimal(value), "count" if unit == "date" else unit)
    except InvalidOperation:
        return Cell(_WORDS.get(value, value))


#: Part of a comment about one kind of row.
_ABOUT_CODES = re.compile(r" \([^)]*_[^)]*\)")

#: What the codes of a key column are called.
_NAMES: Mapping[str, Callable[[str], str]] = {
    "segment": names.short_segment,
    "programme": lambda code: names.named(names.PROGRAMMES, code),
    "definition_id": names.definition,
    "worker_group": lambda code: names.named(names.GROUPS, code),
    "payer": lambda code: names.named(names.PAYERS, code),
    "dataset": names.dataset,
    "kind": lambda code: names.state(code) or code,
}

_WORDS = {"True": "ya", "False": "tidak", **names.STATES}


def _history(history: Sequence[Mapping[str, Any]], province: str) -> Table:
    return Table(
        "Rilis bulan ini",
        (
            Column("Urutan", "count", 0.6),
            Column("Nomor rilis", width=1.8),
            Column("Keadaan"),
            Column("Kelengkapan", "pct", 0.8),
            Column("Menggantikan", width=1.8),
            Column("Persetujuan", width=2.4),
        ),
        tuple(
            (
                Cell(row["sequence"], "count"),
                Cell(row["release_id"]),
                Cell(names.RELEASE_STATES[row["status"]]),
                Cell(row["completeness_pct"], "pct"),
                Cell(row["supersedes"]),
                Cell(short(row, province)),
            )
            for row in history
        ),
        note="Rilis tidak pernah berubah; koreksi adalah rilis baru.",
        sheet="Rilis",
    )
