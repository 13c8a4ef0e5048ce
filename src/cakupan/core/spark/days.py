"""Days, months and years: what DuckDB counts and adds, as Spark writes it."""

from __future__ import annotations

from sqlglot import exp

from cakupan.core.spark.trees import call, filled

#: From the last day of a month on a month is whole, however long the one before was:
#: who was born on 29 February is a year older on the 28th of another year.
_WHOLE_MONTHS = """
if(
    earlier <= later,
    (year(later) - year(earlier)) * 12 + month(later) - month(earlier)
    - if(day(earlier) > day(later) and later <> last_day(later), 1, 0),
    -(
        (year(earlier) - year(later)) * 12 + month(earlier) - month(later)
        - if(day(later) > day(earlier) and earlier <> last_day(earlier), 1, 0)
    )
)"""
_WHOLE = {
    "YEAR": f"{_WHOLE_MONTHS} div 12",
    "MONTH": _WHOLE_MONTHS,
    "DAY": "datediff(later, earlier)",
}
_BORDERS = {
    "YEAR": "year(later) - year(earlier)",
    "MONTH": "(year(later) - year(earlier)) * 12 + month(later) - month(earlier)",
    "DAY": "datediff(later, earlier)",
}


def borders(node: exp.DateDiff) -> exp.Expr:
    """``date_diff``: borders between the dates, not whole units."""
    unit = node.text("unit").upper() or "DAY"
    return filled(_BORDERS[unit], later=node.this, earlier=node.expression)


def whole_units(node: exp.Anonymous) -> exp.Expr:
    """``date_sub`` of dates: units that have passed."""
    unit, earlier, later = node.expressions
    return filled(_WHOLE[unit.name.upper()], later=later, earlier=earlier)


def months(node: exp.Anonymous) -> exp.Expr:
    """An interval of months."""
    return call("make_ym_interval", exp.Literal.number(0), node.expressions[0].copy())


def years(node: exp.Anonymous) -> exp.Expr:
    """An interval of years."""
    return call("make_ym_interval", node.expressions[0].copy())
