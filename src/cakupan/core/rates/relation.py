"""The same rates as relations a DuckDB session can join, for millions of person-months.

One definition: the rows in force are chosen here as for the function; only the
arithmetic is written twice, and a property test holds the two together.
"""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from cakupan.core.engine import Session
from cakupan.core.lake import run_sql
from cakupan.core.month import CoverageMonth
from cakupan.core.rates.reference import (
    SECTOR_CLASSES,
    Rate,
    income_brackets,
    payers,
    rates,
    transport_pattern,
)

_RUPIAH = pa.decimal128(18, 0)
SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("programme", pa.string()),
        ("sector_class", pa.string()),
        ("payer", pa.string()),
        ("risk_class", pa.int32()),
        ("borne_by", pa.string()),
        ("only_with", pa.string()),
        ("kind", pa.string()),
        ("value", pa.decimal128(12, 4)),
        ("base_minimum", _RUPIAH),
        ("base_maximum", _RUPIAH),
        ("slice_from", _RUPIAH),
        ("slice_to", _RUPIAH),
        ("certainty", pa.string()),
    ]
)


def rates_table(month: CoverageMonth) -> pa.Table:
    """Rates of one month, columns of :data:`SCHEMA`, every sector and payer written out.

    Grain: segment, programme, sector_class, payer, risk_class, borne_by, slice_from. A
    month without rates gives no rows: what it cost is not known.
    """
    rows = [
        _row(rate, sector_class, payer.name)
        for rate in rates()
        if rate.counts_in(month)
        for sector_class in SECTOR_CLASSES
        for payer in payers().values()
        if rate.fits(sector_class, payer.payer_class)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(rate: Rate, sector_class: str, payer: str) -> dict[str, object]:
    written_out = {"sector_class": sector_class, "payer": payer}
    row = {
        name: written_out.get(name, getattr(rate, name, None)) for name in SCHEMA.names
    }
    return {
        name: Decimal(value)
        if name.startswith(("base_", "slice_")) and value is not None
        else value
        for name, value in row.items()
    }


def register(connection: Session, month: CoverageMonth) -> None:
    """Put the rates of a month, the rules and their macros into a session.

    Relations: ``contribution_rates`` (see :func:`rates_table`), ``contribution_payers``
    (payer, payer_class), ``bpu_minimum_contributions`` (programme, sector_class, payer:
    rupiah at the minimum base) and ``bpu_month_costs`` (the same, programmes side by
    side). Macros: ``contribution_exact``, ``bpu_base`` (declared income -> base),
    ``sector_class_of`` (text -> sector class), ``is_subsidised`` (payer). How to use
    them: ``include/sql/06_publish/macros_rates.sql``.
    """
    connection.register("contribution_rates", rates_table(month))
    known = sorted(payers().values(), key=lambda payer: payer.name)
    connection.register(
        "contribution_payers",
        pa.table(
            {
                "payer": [payer.name for payer in known],
                "payer_class": [payer.payer_class for payer in known],
            }
        ),
    )
    run_sql(connection, "06_publish", "macros_rates.sql")
    connection.execute(f"create or replace macro bpu_base(declared) as {_bracketed()}")
    # a constant pattern is compiled once, one from a table once per row
    pattern = transport_pattern().replace("'", "''")
    connection.execute(
        "create or replace macro sector_class_of(label) as case when "
        f"regexp_matches(lower(coalesce(label, '')), '{pattern}') "
        "then 'transport' else 'other' end"
    )


def _bracketed() -> str:
    """Declared income -> base as an expression; a look-up in a table is slow per row."""
    brackets = income_brackets()
    if not brackets:
        return "declared"
    rising = [f"when declared >= {start} then {base}" for start, base in brackets]
    steps = " ".join(reversed(rising))
    return f"case {steps} when declared is not null then {brackets[0][1]} end"
