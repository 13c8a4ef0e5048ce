"""DuckDB SQL to Spark SQL, by rewriting the syntax tree that sqlglot parses.

sqlglot knows most differences. Here are those where it would give another result, or
where the result depends on what DuckDB does by default: NULL last inside rows that are
compared, whole months between dates, division of numbers as doubles, first match of a
pattern only. No text is put together: values come in as typed literals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlglot import exp, parse
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark

from cakupan.core.spark import days, patterns
from cakupan.core.spark.trees import call

#: ``len`` is of lists and ``length`` of texts; the other is a macro of ours, and a function
#: of another database.
_OWN = frozenset({"LEN", "DATE_FROM_PARTS"})


class Source(DuckDB):
    """The SQL of the files."""

    class Parser(DuckDB.Parser):  # type: ignore[misc, valid-type]
        """Leaves some names alone that sqlglot takes for functions it knows."""

        FUNCTIONS = {  # noqa: RUF012 - so sqlglot has it
            name: make
            for name, make in DuckDB.Parser.FUNCTIONS.items()
            if name not in _OWN
        }


def statements(text: str) -> list[exp.Expr]:
    """The statements of a text; a comment after the last one is none."""
    return [
        found
        for found in parse(text, dialect=Source)
        if found is not None and not isinstance(found, exp.Semicolon)
    ]


def spark_text(query: exp.Expr) -> str:
    """Spark SQL of a tree that :func:`rewritten` returned."""
    return query.sql(dialect=Spark, normalize_functions=False)


def rewritten(query: exp.Expr) -> exp.Expr:
    """The same query as a tree of what Spark means."""
    query = query.copy()
    for select in list(query.find_all(exp.Select)):
        _filter_after_windows(select)
    _fields_of_rows(query)
    for node in reversed(list(query.walk(bfs=True))):
        change = _CHANGES.get(type(node))
        if change is None:
            continue
        changed = change(node)
        if changed is node:
            continue
        if node is query:
            query = changed
        else:
            node.replace(changed)
    return query


def literal(value: Any) -> exp.Expr:
    """A parameter as a literal of its type.

    Raises:
        TypeError: a type no statement takes.
    """
    if isinstance(value, list | tuple):
        return exp.Array(expressions=[literal(one) for one in value])
    if isinstance(value, Decimal):
        _, _, exponent = value.as_tuple()
        scale = max(0, -exponent) if isinstance(exponent, int) else 0
        return exp.cast(exp.Literal.string(f"{value:f}"), f"decimal(38, {scale})")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    if value is None or isinstance(value, bool | int | float | str):
        return exp.convert(value)
    raise TypeError(f"no literal for {type(value).__name__}")


def bound(query: exp.Expr, parameters: Mapping[str, Any]) -> exp.Expr:
    """The query with the values of its named parameters."""
    query = query.copy()
    for mark in list(query.find_all(exp.Parameter, exp.Placeholder)):
        mark.replace(literal(parameters[mark.name]))
    return query


def _double(value: exp.Expr) -> exp.Expr:
    return exp.cast(value.copy(), "double")


def _filter_after_windows(select: exp.Select) -> None:
    """``qualify`` as a filter around the query."""
    condition = select.args.get("qualify")
    if condition is None:
        return
    select.set("qualify", None)
    select.append(
        "expressions", exp.alias_(exp.paren(condition.this.copy()), "is_kept")
    )
    ctes = select.args.get("with_")
    select.set("with_", None)
    inner = select.copy()
    star = exp.Star(**{"except_": [exp.to_identifier("is_kept")]})
    outer = exp.select(star).from_(inner.subquery("judged")).where("is_kept")
    if ctes is not None:
        outer.set("with_", ctes)
    for key in list(select.args):
        select.set(key, None)
    for key, value in outer.args.items():
        select.set(key, value)


def _fields_of_rows(query: exp.Expr) -> None:
    """``smallest[1]`` of a row is a field in Spark; of a list it stays a place."""
    rows = {
        alias.alias.lower()
        for alias in query.find_all(exp.Alias)
        if isinstance(alias.this, exp.Min | exp.Max)
        and isinstance(alias.this.this, exp.Tuple)
    }
    for bracket in list(query.find_all(exp.Bracket)):
        column = bracket.this
        if isinstance(column, exp.Column) and column.name.lower() in rows:
            place = bracket.expressions[0].name
            bracket.replace(
                exp.Dot(this=column.copy(), expression=exp.to_identifier(f"v{place}"))
            )


def _struct(node: exp.Tuple) -> exp.Expr:
    """A row that is compared: NULL is the largest value, as in DuckDB."""
    fields: list[exp.Expr] = []
    for place, each in enumerate(node.expressions):
        is_null = exp.Is(this=each.copy(), expression=exp.Null())
        fields += [exp.Literal.string(f"n{place}"), is_null]
        fields += [exp.Literal.string(f"v{place}"), each.copy()]
    return call("named_struct", *fields)


def _smallest_row(node: exp.Min | exp.Max) -> exp.Expr:
    if isinstance(node.this, exp.Tuple):
        node.set("this", _struct(node.this))
    return node


def _sum_of_list(node: exp.Anonymous) -> exp.Expr:
    """What is not NULL of a list that is written out; NULL where all is.

    Raises:
        TypeError: the list is a value.
    """
    listed = node.expressions[0]
    if not isinstance(listed, exp.Array):
        raise TypeError("list_sum takes a list that is written out")
    parts = listed.expressions
    total: exp.Expr = exp.Literal.number(0)
    for part in parts:
        value = exp.func("coalesce", part.copy(), exp.Literal.number(0))
        total = exp.Add(this=total, expression=value)
    is_known = exp.Not(
        this=exp.Is(
            this=exp.func("coalesce", *[part.copy() for part in parts]),
            expression=exp.Null(),
        )
    )
    return exp.Case(ifs=[exp.If(this=is_known, true=total)])


def _extreme(node: exp.ArgMin | exp.ArgMax) -> exp.Expr:
    """Rows without the wanted value do not take part."""
    name = "min_by" if isinstance(node, exp.ArgMin) else "max_by"
    by = node.expression
    if isinstance(by, exp.Tuple):
        by = _struct(by)
    made = call(name, node.this.copy(), by.copy())
    has = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    if isinstance(node.parent, exp.Filter):
        where = node.parent.expression
        where.set("this", exp.and_(where.this.copy(), has))
        return made
    return exp.Filter(this=made, expression=exp.Where(this=has))


def _joined_text(node: exp.GroupConcat, where: exp.Expr | None = None) -> exp.Expr:
    """``string_agg`` of values in their own order; Spark's ``listagg`` cannot be moved.

    Raises:
        TypeError: the order is another one.
    """
    value, order = node.this, None
    if isinstance(value, exp.Order):
        value, order = value.this, value.expressions
    is_distinct = isinstance(value, exp.Distinct)
    if is_distinct:
        value = value.expressions[0]
    if (
        order is None
        or [one.this for one in order] != [value]
        or order[0].args.get("desc")
    ):
        raise TypeError("string_agg is ordered by what it joins")

    def of_these(made: exp.Expr) -> exp.Expr:
        return made if where is None else exp.Filter(this=made, expression=where.copy())

    name = "collect_set" if is_distinct else "collect_list"
    values = of_these(call(name, value.copy()))
    return exp.If(
        this=exp.GT(
            this=of_these(exp.Count(this=value.copy())),
            expression=exp.Literal.number(0),
        ),
        true=call("array_join", call("array_sort", values), node.args["separator"]),
        false=exp.Null(),
    )


def _string_agg(node: exp.GroupConcat) -> exp.Expr:
    return node if isinstance(node.parent, exp.Filter) else _joined_text(node)


def _filtered(node: exp.Filter) -> exp.Expr:
    if isinstance(node.this, exp.GroupConcat):
        return _joined_text(node.this, node.expression)
    return node


def _ordered(node: exp.Ordered) -> exp.Expr:
    if isinstance(node.this, exp.Tuple):
        node.set("this", _struct(node.this))
    return node


def _div(node: exp.Div) -> exp.Expr:
    return call("try_divide", _double(node.this), _double(node.expression))


def _whole_div(node: exp.IntDiv) -> exp.Expr:
    by = exp.Nullif(this=node.expression.copy(), expression=exp.Literal.number(0))
    return exp.IntDiv(this=exp.paren(node.this.copy()), expression=by)


def _cast(node: exp.Cast) -> exp.Expr:
    if node.to.is_type("uuid"):
        return _uuid(node.this)
    if node.to.is_type("hugeint", "int128"):
        node.set("to", exp.DataType.build("decimal(38, 0)"))
    return node


def _uuid(value: exp.Expr) -> exp.Expr:
    """Pseudonyms are text on Spark: 32 digits with the dashes of a UUID."""
    if isinstance(value, exp.Null):
        return exp.cast(exp.Null(), "text")
    digits = call("replace", exp.cast(value.copy(), "text"), exp.Literal.string("-"))
    return call(
        "regexp_replace",
        digits,
        exp.Literal.string("^(.{8})(.{4})(.{4})(.{4})(.{12})$"),
        exp.Literal.string("$1-$2-$3-$4-$5"),
    )


def _cte(node: exp.CTE) -> exp.Expr:
    node.set("materialized", None)
    return node


def _xxhash(node: exp.Anonymous) -> exp.Expr:
    return call("xxhash64", *[one.copy() for one in node.expressions])


def _renamed(name: str) -> Callable[[exp.Anonymous], exp.Expr]:
    def change(node: exp.Anonymous) -> exp.Expr:
        return call(name, *[one.copy() for one in node.expressions])

    return change


_NAMED: dict[str, Callable[[exp.Anonymous], exp.Expr]] = {
    "len": _renamed("size"),
    "list_bool_or": _renamed("array_max"),
    "hash": _xxhash,
    "to_months": days.months,
    "to_years": days.years,
    "date_sub": days.whole_units,
    "list_sum": _sum_of_list,
}


def _anonymous(node: exp.Anonymous) -> exp.Expr:
    change = _NAMED.get(node.name.lower())
    return node if change is None else change(node)


_CHANGES: dict[type, Callable[[Any], exp.Expr]] = {
    exp.Anonymous: _anonymous,
    exp.ArgMax: _extreme,
    exp.ArgMin: _extreme,
    exp.CTE: _cte,
    exp.Cast: _cast,
    exp.DateDiff: days.borders,
    exp.Div: _div,
    exp.Filter: _filtered,
    exp.GroupConcat: _string_agg,
    exp.IntDiv: _whole_div,
    exp.Max: _smallest_row,
    exp.Min: _smallest_row,
    exp.Ordered: _ordered,
    exp.RegexpFullMatch: patterns.full_match,
    exp.RegexpLike: patterns.found,
    exp.RegexpReplace: patterns.replaced,
}
