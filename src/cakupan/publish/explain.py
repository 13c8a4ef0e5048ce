"""Where one published number comes from: release, files, rows, denominator, rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.core.schema.core import denominators, participation
from cakupan.core.schema.mart import monthly_coverage
from cakupan.publish.reading import (
    Release,
    Selection,
    coverage_rows,
    current_release,
    selected,
)
from cakupan.publish.wording import above_100

#: Rules behind a number of ``monthly_coverage``, in the order they are applied.
RULES = (
    "Orang: NIK yang sah; bila tidak ada, NIK yang dimiliki KPJ itu di baris lain; "
    "bila tidak ada juga, KPJ itu sendiri (aturan 2).",
    "Keadaan pada bulan M dari bulan iuran terakhir: lunas, menunggak 1 bulan, "
    "menunggak 2 bulan; 3 bulan atau lebih, atau nonaktif: berhenti (aturan 1).",
    "Satu orang dihitung sekali per wilayah dan segmen, dan sekali dalam semua segmen, "
    "dengan keadaan terbaiknya. Aktif = lunas + menunggak 1-2 bulan.",
    "Penyebut: per wilayah, segmen dan definisi, tanggal acuan terakhir sampai akhir "
    "bulan M; bila tidak ada, yang paling awal sesudahnya (aturan 5).",
    "Cakupan = 100 x aktif / penyebut, dua desimal, setengah ke atas, tidak dibatasi "
    "100.",
)

#: Columns of ``monthly_coverage`` that are the number itself.
_MEASURES = (
    "programme",
    "active_count",
    "paid_up_count",
    "grace_count",
    "lapsed_count",
    "membership_count",
)


def explain(
    engine: sa.Engine,
    month: CoverageMonth,
    area: str,
    segment: str = "ALL",
    definition: str | None = None,
) -> dict[str, Any]:
    """Everything behind the coverage of one area and segment.

    Args:
        engine: the warehouse.
        month: coverage month.
        area: Kemendagri code of any level.
        segment: ``PU``, ``BPU``, ``JAKON``, ``PMI`` or ``ALL``.
        definition: one definition of the denominator; all when ``None``.

    Returns:
        ``number`` (dicts, one per definition), ``release`` (dict), ``numerator``
        (dicts, one per programme), ``memberships`` (dicts: rows and persons per file
        and state), ``denominator`` (dicts), ``inputs`` (dicts: the files with their
        fingerprint), ``rules`` and ``notes`` (Indonesian texts). No person and no
        identity number is in it.

    Raises:
        UsageError: no such number is published.
    """
    found = coverage_rows(engine, month, area=area, segment=segment).as_dicts()
    numbers = [
        row
        for row in found
        if row["programme"] == "ANY"
        and (definition is None or row["definition_id"] == definition)
    ]
    release = current_release(engine, area[:2], month)
    if not numbers or release is None:
        raise UsageError(
            "NOTHING_PUBLISHED",
            f"Nothing is published for area {area}, {month}, with these choices.",
            "`cakupan coverage --month YYYY-MM` lists what is.",
        )
    first = numbers[0]["definition_id"]
    return {
        "number": [
            {
                "area_code": row["area_code"],
                "name": row["name"],
                "segment": row["segment"],
                "definition_id": row["definition_id"],
                "active_count": row["active_count"],
                "eligible_count": row["eligible_count"],
                "coverage_pct": row["coverage_pct"],
            }
            for row in numbers
        ],
        "release": release_facts(engine, area[:2], month, release),
        "numerator": [
            {name: row[name] for name in _MEASURES}
            for row in found
            if row["definition_id"] == first
        ],
        "memberships": _memberships(engine, month, area, segment).as_dicts(),
        "denominator": _denominators(
            engine, release.release_id, area, segment, definition
        ).as_dicts(),
        "inputs": inputs_of(
            engine,
            release.release_id,
            area,
            ("bpjs_kepesertaan", "penyebut", "target"),
        ).as_dicts(),
        "rules": list(RULES),
        "notes": notes_on(numbers),
    }


def notes_on(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a reader of coverage rows has to be told: shares above 100 percent."""
    return [
        above_100(row)
        for row in rows
        if row["is_above_100"] and row["programme"] == "ANY"
    ]


def release_facts(
    engine: sa.Engine, province: str, month: CoverageMonth, release: Release
) -> dict[str, Any]:
    """The release a number is in, and whether the warehouse still holds its rows."""
    return {
        "release_id": release.release_id,
        "sequence": release.sequence,
        "status": release.status,
        "completeness_pct": release.completeness_pct,
        "released_at": release.released_at,
        "content_sha256": release.content_sha256,
        "supersedes": release.supersedes,
        "is_warehouse_unchanged": _is_warehouse_unchanged(
            engine, province, month, release.inputs_hash
        ),
    }


def _is_warehouse_unchanged(
    engine: sa.Engine, province: str, month: CoverageMonth, inputs_hash: str
) -> bool:
    """Whether ``memberships`` shows the very rows the release was computed from."""
    table = ops.slices
    query = (
        sa.select(table.c.inputs_hash)
        .where(table.c.province_code == province)
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.stage == "warehouse")
    )
    rows = selected(engine, query).rows
    return bool(rows) and rows[0][0] == inputs_hash


def _memberships(
    engine: sa.Engine, month: CoverageMonth, area: str, segment: str
) -> Selection:
    table = participation
    place = sa.case(
        (
            sa.func.starts_with(table.c.village_code, table.c.area_code + "."),
            table.c.village_code,
        ),
        else_=table.c.area_code,
    )
    query = (
        sa.select(
            table.c.submission_id,
            table.c.participation_state,
            sa.func.count().label("membership_count"),
            sa.func.count(table.c.person_id.distinct()).label("person_count"),
        )
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.province_code == area[:2])
        .where(sa.func.left(place, len(area)) == area)
        .group_by(table.c.submission_id, table.c.participation_state)
        .order_by(table.c.submission_id, table.c.participation_state)
    )
    if segment != "ALL":
        query = query.where(table.c.segment == segment)
    return selected(engine, query)


def _denominators(
    engine: sa.Engine,
    release_id: str,
    area: str,
    segment: str,
    definition: str | None,
) -> Selection:
    shown, known = monthly_coverage, denominators
    query = (
        sa.select(
            shown.c.definition_id,
            shown.c.eligible_count,
            shown.c.denominator_source,
            shown.c.denominator_date,
            shown.c.denominator_vintage,
            known.c.submission_id,
        )
        .outerjoin(
            known,
            sa.and_(
                known.c.coverage_month == shown.c.coverage_month,
                known.c.area_code == shown.c.area_code,
                known.c.segment == shown.c.segment,
                known.c.definition_id == shown.c.definition_id,
            ),
        )
        .where(shown.c.release_id == release_id)
        .where(shown.c.area_code == area)
        .where(shown.c.segment == segment)
        .where(shown.c.programme == "ANY")
        .order_by(shown.c.definition_id)
    )
    if definition is not None:
        query = query.where(shown.c.definition_id == definition)
    return selected(engine, query)


def inputs_of(
    engine: sa.Engine, release_id: str, area: str, datasets: Collection[str]
) -> Selection:
    """The files of some datasets in a release that can say something about an area.

    A file of the area, of one inside it, or of one it lies in; with fingerprint,
    revision and counts of rows.
    """
    table, used = ops.submissions, ops.release_inputs
    query = (
        sa.select(
            table.c.submission_id,
            table.c.dataset,
            table.c.area_code,
            table.c.file_name,
            table.c.sha256,
            table.c.revision,
            table.c.received_at,
            table.c.received_count,
            table.c.accepted_count,
            table.c.quarantined_count,
        )
        .join(used, used.c.submission_id == table.c.submission_id)
        .where(used.c.release_id == release_id)
        .where(table.c.dataset.in_(datasets))
        .where(
            sa.or_(
                sa.func.starts_with(table.c.area_code, area),
                sa.func.starts_with(sa.literal(area), table.c.area_code),
            )
        )
        .order_by(table.c.dataset, table.c.area_code, table.c.submission_id)
    )
    return selected(engine, query)
