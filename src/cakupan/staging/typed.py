"""Type the text rows of one file: values, and a defect code where there is none.

Text first, types second: a bad cell is a defect beside a NULL, never an error. What
only the whole file can tell (notation of amounts, scheme of area codes, whose area it
is) is decided here too. The rules are SQL: ``include/sql/02_staging``; which of them a
column needs follows from its contract type (:mod:`cakupan.staging.typing_sql`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cakupan.core import areas
from cakupan.core.contracts import Contract, ContractColumn
from cakupan.core.contracts import contract as load_contract
from cakupan.core.findings import Finding
from cakupan.core.lake import (
    compute_now,
    file_session,
    quoted_path,
    read_often,
    run_sql,
)
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.staging.collect import KINDED
from cakupan.staging.keys import key
from cakupan.staging.refusal import critical
from cakupan.staging.sink import ParquetSink
from cakupan.staging.typing_pieces import SPELLED, has_villages_by_name
from cakupan.staging.typing_sql import cells_sql, rows_sql
from cakupan.staging.whole import (
    area_mismatch,
    counts_differ,
    notations_of,
    one_row,
    precision_alarm,
    scheme_findings,
    warning,
)

if TYPE_CHECKING:
    from cakupan.core.engine import Session

_FAMILY_CARD = frozenset(
    {
        "nokk",
        "nomorkk",
        "kk",
        "nkk",
        "nokartukeluarga",
        "nomorkartukeluarga",
        "kartukeluarga",
    }
)
_ROWS_AT_ONCE = 250_000


@dataclass(frozen=True, slots=True)
class TypedResult:
    """What typing a file told about the file as a whole.

    Attributes:
        findings: of grade submission; defects of rows are in ``typed.parquet``.
        notations: column -> ``id`` (1.234,5), ``us`` (1,234.5), ``plain`` or ``mixed``.
    """

    findings: list[Finding]
    notations: dict[str, str]


def type_rows(
    settings: Settings, raw: Path, slot: Slot, layout: Mapping[str, Any], target: Path
) -> TypedResult:
    """Turn ``raw.parquet`` into ``typed.parquet``.

    Args:
        settings: engine, memory and threads.
        raw: written by ``read_file``.
        slot: dataset, area and month the file is about.
        layout: of ``ReadResult``; only the titles of unknown columns are used.
        target: Parquet file to write; columns as documented in
            ``include/sql/02_staging/<dataset>/table.yml``.
    """
    contract = load_contract(slot.dataset)
    with file_session(settings, raw) as connection:
        for topic in ("text", "nik", "date", "amount", "code"):
            run_sql(connection, "02_staging", f"macros_{topic}.sql")
        _open_raw(connection, contract, raw, layout, slot)
        _prepare(connection, contract, slot)
        connection.execute(cells_sql(contract))
        for table, types in SPELLED.items():
            if types & {column.type for column in contract.columns}:
                readings = table.replace("cells", "readings")
                run_sql(connection, "02_staging", readings, "load.sql")
                compute_now(connection, readings)
        findings = _resolve_areas(connection, contract)
        findings.extend(_area_not_given(contract, layout, slot))
        connection.execute(rows_sql(contract))
        _write(connection, target)
        notations = notations_of(connection, contract)
        findings.extend(
            warning("NOTATION_MIXED", name)
            for name, notation in notations.items()
            if notation == "mixed"
        )
        findings.extend(precision_alarm(connection, contract))
        findings.extend(counts_differ(connection, layout, target))
        findings.extend(area_mismatch(connection, contract, slot, target))
    return TypedResult(
        sorted(findings, key=lambda one: (one.code, one.field)), notations
    )


def _write(connection: Session, target: Path) -> None:
    """Write the typed rows in the order of the file, a bounded number at a time.

    Joins do not keep the order of rows and a sort of all of them would spill.
    """
    last = int(one_row(connection, "select max(source_row) from raw_rows")[0] or 0)
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = read_often(connection, "typed_rows")
    first = _rows_between(connection, rows, 0)
    with ParquetSink(target, first.schema) as sink:
        sink.write(first)
        for start in range(_ROWS_AT_ONCE, last + 1, _ROWS_AT_ONCE):
            sink.write(_rows_between(connection, rows, start))


def _rows_between(connection: Session, rows: str, start: int) -> Any:
    return connection.sql(
        f"from {rows} where source_row between $first and $last order by source_row",
        params={"first": start, "last": start + _ROWS_AT_ONCE - 1},
    ).to_arrow_table()


def _prepare(connection: Session, contract: Contract, slot: Slot) -> None:
    """Area tables, the slot and the spellings of listed values."""
    province = str(slot.area.province)
    areas.register(
        connection,
        sorted({province, *_provinces_named(connection, contract)}),
        slot.month.last_day,
    )
    run_sql(
        connection,
        "02_staging",
        "slot",
        "load.sql",
        parameters={
            "area_code": str(slot.area),
            "province_code": province,
            "month_start": slot.month.first_day,
            "month_end": slot.month.last_day,
        },
    )
    rows = [row for column in contract.columns for row in _spellings(column)]
    run_sql(
        connection,
        "02_staging",
        "spellings",
        "load.sql",
        parameters={
            "columns": [row[0] for row in rows],
            "spellings": [row[1] for row in rows],
            "meanings": [row[2] for row in rows],
        },
    )


def _provinces_named(connection: Session, contract: Contract) -> set[str]:
    """First two digits of the area codes in the file: provinces it may be about."""
    codes = [
        c.name for c in contract.columns if c.type in {"village_code", "area_code"}
    ]
    found: set[str] = set()
    for name in codes:
        rows = connection.execute(
            f"select distinct regexp_extract({name}, '[0-9]{{2}}') from raw_rows"
        ).fetchall()
        found.update(str(row[0]) for row in rows)
    return found


def _spellings(column: ContractColumn) -> list[tuple[str, str, str]]:
    """(column, spelling key, value) of a listed value, each key once."""
    found: dict[str, str] = {}
    for value, others in column.values.items():
        for spelling in (value, *others):
            small = spelling.lower()
            found.setdefault(re.sub("[^a-z0-9]", "", small) or small, value)
    return [(column.name, spelling, value) for spelling, value in found.items()]


def _open_raw(
    connection: Session,
    contract: Contract,
    raw: Path,
    layout: Mapping[str, Any],
    slot: Slot,
) -> None:
    """View ``raw_rows`` with every column of the contract, present or not.

    Only identifiers of the contract and of our own reader enter the SQL text, and the
    area code of the slot.
    """
    form = contract.layout(layout.get("form"))
    instead: dict[str, str] = {}
    if form is not None and form.area_column and slot.area.level == "regency":
        instead[form.area_column] = f"'{slot.area}'"
    connection.execute(
        "create or replace temp view raw_cells as "
        f"from read_parquet({quoted_path(raw)})"
    )
    described = connection.execute("describe raw_cells")
    present = {row[0] for row in described.fetchall()}
    parts = ["source_row", "row__defect"]
    for column in contract.columns:
        if column.name not in present:
            value = instead.get(column.name, "''")
            parts.append(f"{value} as {column.name}")
        elif form is not None and column.name in form.flags:
            parts.append(f"flag_of_amount({column.name}) as {column.name}")
        else:
            parts.append(column.name)
        if column.type in KINDED:
            kind = f"{column.name}__kind"
            parts.append(kind if kind in present else f"'t' as {kind}")
    card = _family_card(layout, present)
    parts.append(f"{card or 'null::varchar'} as family_card")
    connection.execute(
        f"create or replace temp view raw_rows as select {', '.join(parts)} "
        "from raw_cells"
    )


def _family_card(layout: Mapping[str, Any], present: set[str]) -> str | None:
    """Column of family card numbers (NKK), which contracts do not ask for."""
    for column in layout.get("columns") or ():
        label = f"x_{int(column['index'])}"
        if key(str(column.get("header") or "")) in _FAMILY_CARD and label in present:
            return label
    return None


def _area_not_given(
    contract: Contract, layout: Mapping[str, Any], slot: Slot
) -> list[Finding]:
    """A form that names no regency must be sent by one: a province is no domicile."""
    form = contract.layout(layout.get("form"))
    names = {column.get("name") for column in layout.get("columns") or ()}
    if form is None or form.area_column is None or form.area_column in names:
        return []
    if slot.area.level == "regency":
        return []
    return [critical("COLUMN_MISSING", form.area_column, form.area_column)]


def _resolve_areas(connection: Session, contract: Contract) -> list[Finding]:
    types = {column.type for column in contract.columns}
    if has_villages_by_name(contract):
        run_sql(connection, "02_staging", "villages", "load.sql")
        compute_now(connection, "villages_read")
    if "area_code" not in types:
        return []
    run_sql(
        connection,
        "02_staging",
        "area_codes",
        "load.sql",
        parameters={"takes_province": contract.kind == "reference"},
    )
    compute_now(connection, "area_codes_read")
    return scheme_findings(connection, contract)
