"""The SQL that types the rows of a dataset, put together from its contract.

A column is read by its contract type, in every dataset the same way: ``cells_sql``
collects every spelling once, ``02_staging/<...>_readings`` reads the spellings, and
``rows_sql`` joins them back to the rows. Only names of the contract, which are ours,
enter the text; what each step means stands in the SQL files it calls.
"""

from __future__ import annotations

from collections.abc import Iterable

from cakupan.core.contracts import Contract, ContractColumn
from cakupan.staging.typing_pieces import (
    BIRTH_DATE,
    SPELLED,
    Piece,
    has_villages_by_name,
    piece_of,
)

_NIK_PROFILE = """
create or replace temp table nik_profile as
select
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{16}')) as nik_count,
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{15}0'))
        as zero_count,
from raw_rows;
"""


def cells_sql(contract: Contract) -> str:
    """Statements that make the session tables of distinct spellings.

    Args:
        contract: of the dataset; view ``raw_rows`` has its columns.
    """
    statements = []
    for table, types in SPELLED.items():
        selects = [_cell(column) for column in contract.columns if column.type in types]
        if selects:
            body = "\nunion all\n".join(selects)
            statements.append(f"create or replace temp table {table} as\n{body};\n")
    names = {column.type: column.name for column in contract.columns}
    if has_villages_by_name(contract):
        statements.append(
            "create or replace temp table village_cells as\n"
            f"select distinct {names['village_code']} as code_sent, "
            "desa as name_sent, kecamatan as district_sent,\n"
            "from raw_rows\nwhere row__defect is null;\n"
        )
    if "area_code" in names:
        code = names["area_code"]
        statements.append(
            "create or replace temp table area_code_cells as\n"
            f"select distinct {code} as sent, {code}__kind as kind, "
            f"{names['scheme']} as scheme_sent,\n"
            "from raw_rows\nwhere row__defect is null;\n"
        )
    if "nik" in names:
        statements.append(_NIK_PROFILE)
    return "\n".join(statements)


def rows_sql(contract: Contract) -> str:
    """Statement that makes view ``typed_rows``, one per row of ``raw_rows``.

    Its columns are documented in ``include/sql/02_staging/<dataset>/table.yml``.

    Args:
        contract: of the dataset; the readings of its types exist.
    """
    pieces = {column.name: piece_of(column, contract) for column in contract.columns}
    cleaned = ["raw_rows.source_row", "raw_rows.row__defect"]
    found, values = ["cells_cleaned.*"], ["source_row", "row__defect"]
    for column in contract.columns:
        piece = pieces[column.name]
        cleaned += piece.cleaned
        found += piece.found
        values.append(f"{_summed(column, pieces)} as {column.name}")
        values.append(f"{_defect(column, pieces)} as {column.name}__defect")
        values += piece.extra
    if BIRTH_DATE in pieces:
        values.append("umur")
    joins = "".join(piece.joins for piece in pieces.values())
    found_joins = "".join(piece.found_joins for piece in pieces.values())
    return (
        "create or replace temp view typed_rows as\n"
        f"with cells_cleaned as (\nselect\n{_list(cleaned)}\nfrom raw_rows{joins}\n),\n"
        f"defects_found as (\nselect\n{_list(found)}\n"
        f"from cells_cleaned{found_joins}\n)\n"
        f"select\n{_list(values)}\nfrom defects_found;\n"
    )


def _list(items: Iterable[str]) -> str:
    return ",\n".join(items)


def _cell(column: ContractColumn) -> str:
    name = column.name
    parts = [f"'{name}' as column_name", f"{name} as sent"]
    if column.type == "date":
        parts.append(f"{'true' if name == BIRTH_DATE else 'false'} as is_birth")
    if column.type in SPELLED["amount_cells"]:
        parts.append(f"'{column.type}' as amount_type")
    if column.type in SPELLED["listed_cells"]:
        parts.append(f"'{column.type}' as value_type")
    else:
        parts.append(f"{name}__kind as kind")
    return f"select distinct {', '.join(parts)}\nfrom raw_rows"


def _summed(column: ContractColumn, pieces: dict[str, Piece]) -> str:
    """The value; where it is not stated, the sum of its parts, if any is."""
    value = pieces[column.name].value
    if not column.sum_of:
        return value
    parts = [pieces[part].value for part in column.sum_of]
    is_stated = " or ".join(f"({part}) is not null" for part in parts)
    added = " + ".join(f"coalesce({part}, 0)" for part in parts)
    return (
        f"case when {_defect(column, pieces)} is not null then null "
        f"when ({value}) is not null then {value} "
        f"when {is_stated} then ({added})::decimal(18, 2) end"
    )


def _defect(column: ContractColumn, pieces: dict[str, Piece]) -> str:
    found = [pieces[name].defect for name in (column.name, *column.sum_of)]
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"
