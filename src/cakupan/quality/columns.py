"""The columns the expectations judge: typed rows and the facts derived from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.benefits import fixed_amounts
from cakupan.core.contracts import contract
from cakupan.core.engine import Session
from cakupan.core.errors import InvariantBroken
from cakupan.core.lake import quoted_path, run_sql
from cakupan.core.resources import include
from cakupan.core.submission import Slot
from cakupan.quality.suite import DUPLICATE_COLUMN, Suite

SQL_STAGE = "03_quality"
_MOST_KEYS = 4  # columns of a natural key, see 03_quality/surplus_rows
_MISSING = {"nik": "NIK_MISSING", "kpj": "KPJ_MISSING", "name": "NAME_MISSING"}


def nik_prefixes(area: AreaCode) -> list[str]:
    """Digits a NIK first issued in the area can start with, retired codes included."""
    own = {str(area)} | {
        retired.code
        for retired in areas.retired()
        if retired.successor_code is not None
        and f"{retired.successor_code}.".startswith(f"{area}.")
    }
    return sorted(code.replace(".", "") for code in own)


def open_typed(connection: Session, typed: Path) -> None:
    """Make view ``typed_rows``."""
    connection.execute(
        "create or replace temp view typed_rows as "
        f"from read_parquet({quoted_path(typed)})"
    )


def read_typed(connection: Session, typed: Path) -> int:
    """Make view ``typed_rows``; the number of its rows.

    Raises:
        InvariantBroken: a row has no number of its own.
    """
    open_typed(connection, typed)
    [(row_count, number_count)] = connection.execute(
        "select count(*), count(distinct source_row) from typed_rows"
    ).fetchall()
    if row_count != number_count:
        raise InvariantBroken(
            "SOURCE_ROW_NOT_UNIQUE",
            "Typed rows do not have one row number each.",
            "Report this with the submission id.",
        )
    return int(row_count)


def prepare(connection: Session, slot: Slot) -> None:
    """Make view ``checked_rows``: typed rows beside the facts that are judged.

    For every column of the contract ``<name>__reading``: ``ok``, the code of its defect,
    or NULL where there is no value. Then the columns of ``checks.sql`` of the kind and
    of the dataset. ``is_surplus_duplicate`` is false everywhere until
    :func:`mark_duplicates`.
    """
    parameters = {
        "nik_prefixes": nik_prefixes(slot.area),
        "month_start": slot.month.first_day,
        "month_end": slot.month.last_day,
        "death_benefits": list(fixed_amounts("JKM")),
    }
    relation = "typed_rows"
    for folder, table in (
        (_kind(slot), "kind_checks"),
        (slot.dataset, "dataset_checks"),
    ):
        if _run_if_there(connection, folder, "checks.sql", parameters):
            relation += f" inner join {table} using (source_row)"
    readings = "".join(
        f"coalesce(nullif({name}__defect, '{_missing(kind)}'), "
        f"if({name} is null, null, 'ok')) as {name}__reading, "
        for name, kind in (
            (column.name, column.type) for column in contract(slot.dataset).columns
        )
    )
    connection.execute("create or replace temp table surplus_rows (source_row bigint)")
    connection.execute(
        "create or replace temp view checked_rows as "
        f"select *, {readings}"
        f"source_row in (from surplus_rows) as {DUPLICATE_COLUMN} from {relation}"
    )


def mark_duplicates(connection: Session, slot: Slot) -> None:
    """Fill ``surplus_rows``; table ``defective_rows`` must exist."""
    agreed = contract(slot.dataset)
    keys = (*agreed.natural_key, *["null::varchar"] * _MOST_KEYS)[:_MOST_KEYS]
    named = ", ".join(f"{key} as key_{i}" for i, key in enumerate(keys, start=1))
    connection.execute(
        "create or replace temp view keyed_rows as "
        f"select *, {named}, {agreed.kept_latest or 'null::date'} as kept_latest "
        f"from typed_rows where {agreed.natural_key[0]} is not null"
    )
    run_sql(connection, SQL_STAGE, "surplus_rows", "load.sql")


def profile(connection: Session, slot: Slot) -> dict[str, float]:
    """Counts and shares of the file as a whole; ``quarantined_rows`` must exist."""
    own = (slot.dataset, "profile.sql"), (_kind(slot), "profile.sql")
    path = next((one for one in own if _exists(*one)), ("profile", "load.sql"))
    result = run_sql(connection, SQL_STAGE, *path)
    names = [column[0] for column in result.description]
    return dict(zip(names, result.fetchall()[0], strict=True))


def _missing(column_type: str) -> str:
    """Code of a column's defect that only says that there is no value."""
    return _MISSING.get(column_type, "VALUE_MISSING")


def refuse_unjudged(connection: Session, suite: Suite) -> None:
    """Every defect staging reports must be judged by a rule: nothing goes silently.

    Raises:
        InvariantBroken: a defect code has no rule in the suite.
    """
    described = connection.execute("describe typed_rows").fetchall()
    names = [str(column[0]) for column in described]
    fields = [
        name.removesuffix("__defect") for name in names if name.endswith("__defect")
    ]
    judged = suite.judges()
    for column in fields:
        field = "" if column == "row" else column  # row__defect: of the row as a whole
        found = connection.execute(
            f'select distinct "{column}__defect" from typed_rows '
            f'where "{column}__defect" is not null order by all'
        ).fetchall()
        for (code,) in found:
            if (field, code) not in judged:
                raise InvariantBroken(
                    "DEFECT_NOT_JUDGED",
                    f"No rule of {suite.name} judges {code} of column {column}.",
                    f"Add it to expectations/{suite.name}.json.",
                )


def _kind(slot: Slot) -> str:
    return contract(slot.dataset).kind


def _exists(folder: str, name: str) -> bool:
    return include("sql", SQL_STAGE, folder, name).exists()


def _run_if_there(
    connection: Session,
    folder: str,
    name: str,
    parameters: dict[str, Any],
) -> bool:
    if not _exists(folder, name):
        return False
    run_sql(connection, SQL_STAGE, folder, name, parameters=parameters)
    return True
