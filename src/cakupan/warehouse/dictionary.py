"""What PostgreSQL cannot say: sensitivity and unit of columns, and finding codes."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from cakupan.core.codes import codes
from cakupan.core.schema import metadata, ops
from cakupan.core.schema.mart import PUBLISHED
from cakupan.warehouse.views import WRITTEN, column_comments

#: Unit by the ending of a column name (the naming law of the project).
_ENDINGS = {
    "_rupiah": "rupiah",
    "rupiah": "rupiah",
    "_pct": "persen",
    "_years": "tahun",
    "_months": "bulan",
    "_bytes": "byte",
    "_at": "waktu UTC",
    "_date": "tanggal",
    "_month": "bulan, tanggal satu",
}

#: What a count counts, as its comment says; persons when it says nothing else.
_COUNTED = ("kepesertaan", "orang", "desa", "baris", "laporan", "klaim")


_PSEUDONYMS = {"person_id", "membership_id"}


def unit_of(name: str, comment: str) -> str | None:
    """Unit of a column, ``None`` when it is no measure."""
    for ending, unit in _ENDINGS.items():
        if name.endswith(ending):
            return unit
    if not name.endswith("_count"):
        return None
    said = comment.lower().partition(". kosong")[0]
    last = {word: said.rfind(f", {word}") for word in _COUNTED}
    after_comma = max(last, key=lambda word: last[word])
    if last[after_comma] >= 0:
        return after_comma
    return next((word for word in _COUNTED if word in said), "orang")


def fill(connection: sa.Connection) -> None:
    """Replace ``ops.column_facts`` and ``ops.finding_codes`` by what holds now."""
    connection.execute(ops.column_facts.delete())
    connection.execute(ops.column_facts.insert(), list(_facts()))
    connection.execute(ops.finding_codes.delete())
    connection.execute(
        ops.finding_codes.insert(),
        [
            {
                "finding_code": one.code,
                "grade": one.grade.value,
                "severity": one.severity.value,
                "title": one.title,
                "explanation": one.text_id,
                "fix_hint": one.fix_id,
            }
            for one in codes().values()
        ],
    )


def _facts() -> Iterator[dict[str, str | None]]:
    for table in metadata.sorted_tables:
        yield from _of_table(table, str(table.schema), str(table.name))
    for name, table in PUBLISHED.items():
        yield from _of_table(table, "mart", name)
    for view, schema in WRITTEN.items():
        for column, comment in column_comments(view).items():
            sensitivity = "personal" if column in _PSEUDONYMS else "public"
            yield _fact(schema, view, column, sensitivity, unit_of(column, comment))


def _of_table(
    table: sa.Table, schema: str, name: str
) -> Iterator[dict[str, str | None]]:
    for column in table.columns:
        sensitivity = column.info.get("sensitivity", "public")
        unit = unit_of(column.name, column.comment or "")
        yield _fact(schema, name, column.name, sensitivity, unit)


def _fact(
    schema: str, table: str, column: str, sensitivity: str, unit: str | None
) -> dict[str, str | None]:
    return {
        "schema_name": schema,
        "table_name": table,
        "column_name": column,
        "sensitivity": sensitivity,
        "unit": unit,
    }
