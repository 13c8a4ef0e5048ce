"""Pieces of a syntax tree of Spark."""

from __future__ import annotations

from sqlglot import exp, parse_one
from sqlglot.dialects.spark import Spark


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a function, under the name as it is written."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def filled(text: str, **parts: exp.Expr) -> exp.Expr:
    """Spark SQL with expressions in place of its columns of those names.

    Args:
        text: an expression of ours, never input.
        parts: what is put in place.
    """
    holder = exp.Paren(this=parse_one(text, dialect=Spark))
    for column in list(holder.find_all(exp.Column)):
        part = parts[column.name].copy()
        is_simple = isinstance(part, exp.Column | exp.Literal | exp.Paren)
        column.replace(part if is_simple else exp.paren(part))
    return holder
