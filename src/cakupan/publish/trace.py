"""Where a number of any published table comes from: release, files, rows, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import metadata, ops
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.explain import inputs_of, release_facts
from cakupan.publish.lineage import LINEAGES, RULE_TEXTS
from cakupan.publish.reading import Selection, current_release, selected

#: Part of every key, given by other options.
_ELSEWHERE = ("release_id", "coverage_month", "area_code")

#: Columns of the published key that mean the same in the tables they come from.
_SHARED_KEYS = ("worker_group", "kind", "programme", "fiscal_year")

#: Who pays for a row of money, by table; a pledge is always of a company.
_PAYERS = {
    "registry": "funding_payer",
    "budgets": "payer",
    "pledges": "payer",
    "contributions": "payer",
}


def key_columns(name: str) -> tuple[str, ...]:
    """Columns that choose one row of a published table, besides area and month.

    Args:
        name: without ``monthly_``, one of ``LINEAGES``.
    """
    table = PUBLISHED[f"monthly_{name}"]
    return tuple(
        column.name for column in table.primary_key if column.name not in _ELSEWHERE
    )


def trace(
    engine: sa.Engine,
    name: str,
    month: CoverageMonth,
    area: str,
    where: Mapping[str, str],
    measure: str | None = None,
) -> dict[str, Any]:
    """Everything behind the numbers of one area in one published table.

    Args:
        engine: the warehouse.
        name: published table without ``monthly_``, one of ``LINEAGES``.
        month: coverage month.
        area: Kemendagri code of any level.
        where: key column -> value, any of :func:`key_columns`.
        measure: only this column of the row; all when ``None``.

    Returns:
        ``number`` (dicts), ``release`` (dict), ``rows`` (dicts: rows and persons of the
        warehouse per table and file), ``denominator`` (text), ``inputs`` (dicts: the
        files with their fingerprint) and ``rules`` (Indonesian texts with the number of
        docs/architecture.md). No person is in it.

    Raises:
        UsageError: no such number is published, or a key or measure is not known.
    """
    keys = key_columns(name)
    numbers = _numbers(engine, name, month, area, where)
    release = current_release(engine, area[:2], month)
    if not numbers or release is None:
        raise UsageError(
            "NOTHING_PUBLISHED",
            f"Nothing is published for area {area}, {month}, with these choices.",
            f'`cakupan sql "select * from mart.monthly_{name}"` lists what is.',
        )
    if measure is not None:
        if measure not in numbers[0]:
            raise UsageError(
                "MEASURE_UNKNOWN",
                f"monthly_{name} has no such measure.",
                "Measures: " + ", ".join(one for one in numbers[0] if one not in keys),
            )
        shown = ("area_code", *keys, measure)
        numbers = [{column: row[column] for column in shown} for row in numbers]
    lineage = LINEAGES[name]
    rows = [
        row
        for source in lineage.sources
        for row in _source_rows(engine, source, month, area, _of(name, source, where))
    ]
    return {
        "number": numbers,
        "release": release_facts(engine, area[:2], month, release),
        "rows": rows if lineage.sources else _files(engine, month, area, where),
        "denominator": lineage.denominator or "tidak ada: jumlah, bukan persentase",
        "inputs": inputs_of(
            engine,
            release.release_id,
            area,
            (where["dataset"],) if "dataset" in where else lineage.datasets,
        ).as_dicts(),
        "rules": [f"aturan {one}: {RULE_TEXTS[one]}." for one in lineage.rules],
    }


def _of(name: str, source: str, where: Mapping[str, str]) -> dict[str, str]:
    """Columns of a source that choose the rows of a number, with their values.

    Only money has its payer in every row; of a list it is decided per person.
    """
    chosen = {key: where[key] for key in _SHARED_KEYS if key in where}
    if name == "funding" and "payer" in where:
        chosen[_PAYERS[source]] = where["payer"]
    return {key: value for key, value in chosen.items() if value != "ALL"}


def _numbers(
    engine: sa.Engine,
    name: str,
    month: CoverageMonth,
    area: str,
    where: Mapping[str, str],
) -> list[dict[str, Any]]:
    keys = key_columns(name)
    for column in where:
        if column not in keys:
            raise UsageError(
                "KEY_UNKNOWN",
                f"monthly_{name} has no such key column.",
                "Keys: " + ", ".join(keys) + ".",
            )
    from_release = metadata.tables["ops.current_releases"]
    table = PUBLISHED[f"monthly_{name}"]
    shown = [
        column
        for column in table.columns
        if column.name not in {"release_id", "coverage_month", "area_level"}
    ]
    query = (
        sa.select(*shown)
        .join(from_release, from_release.c.release_id == table.c.release_id)
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.area_code == area)
        .order_by(*(table.c[key] for key in keys))
    )
    for column, value in where.items():
        query = query.where(sa.cast(table.c[column], sa.Text) == value)
    return selected(engine, query).as_dicts()


def _files(
    engine: sa.Engine, month: CoverageMonth, area: str, where: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Every file the area itself sent for the month, refused and repeated ones too."""
    table = ops.submissions
    query = (
        sa.select(
            table.c.submission_id,
            table.c.dataset,
            table.c.file_name,
            table.c.sha256,
            table.c.state,
            table.c.revision,
            table.c.received_at,
            table.c.received_count.label("row_count"),
            table.c.accepted_count,
            table.c.quarantined_count,
            table.c.rejected_count,
        )
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.area_code == area)
        .order_by(table.c.dataset, table.c.attempt)
    )
    if "dataset" in where:
        query = query.where(table.c.dataset == where["dataset"])
    return selected(engine, query).as_dicts()


def _source_rows(
    engine: sa.Engine,
    source: str,
    month: CoverageMonth,
    area: str,
    where: Mapping[str, str],
) -> list[dict[str, Any]]:
    table = metadata.tables[f"core.{source}"]
    place: sa.ColumnElement[Any] = table.c.area_code
    if "village_code" in table.c:
        of_province = sa.func.length(table.c.area_code) == 2
        inside = sa.func.starts_with(table.c.village_code, table.c.area_code + ".")
        place = sa.case(
            (
                sa.or_(inside, of_province),
                sa.func.coalesce(table.c.village_code, table.c.area_code),
            ),
            else_=table.c.area_code,
        )
    counts: list[sa.ColumnElement[Any]] = [sa.func.count().label("row_count")]
    if "person_id" in table.c:
        counts.append(sa.func.count(table.c.person_id.distinct()).label("person_count"))
    query = (
        sa.select(
            sa.literal(f"core.{source}").label("table_name"),
            table.c.submission_id,
            *counts,
        )
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.province_code == area[:2])
        .where(sa.func.left(place, len(area)) == area)
        .group_by(table.c.submission_id)
        .order_by(table.c.submission_id)
    )
    if source == "pledges" and where.get("payer", "csr") != "csr":
        return []
    for column, value in where.items():
        if column in table.c:
            query = query.where(sa.cast(table.c[column], sa.Text) == value)
    found: Selection = selected(engine, query)
    return [{"person_count": None, **row} for row in found.as_dicts()]
