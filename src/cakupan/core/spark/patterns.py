"""Regular expressions: RE2's of DuckDB as Java's of Spark.

Only for those that stand in a statement itself. A macro with a pattern is computed by
DuckDB (``macros``), as the two differ in more than their syntax: what ``.`` and ``\\s``
match, where words end, which letters there are.
"""

from __future__ import annotations

from sqlglot import exp

from cakupan.core.spark.trees import call


def found(node: exp.RegexpLike) -> exp.Expr:
    """``$`` is the very end in RE2; in Java a line break may follow."""
    pattern = node.expression
    if not isinstance(pattern, exp.Literal) or not pattern.name.endswith("$"):
        return node
    if pattern.name.endswith("\\$"):
        return node
    put = exp.Literal.string(f"{pattern.name[:-1]}\\z")
    return exp.RegexpLike(this=node.this.copy(), expression=put)


def full_match(node: exp.RegexpFullMatch) -> exp.Expr:
    """From the beginning to the end of the text."""
    pattern = node.expression
    if isinstance(pattern, exp.Literal):
        pattern = exp.Literal.string(f"\\A(?:{pattern.name})\\z")
    return exp.RegexpLike(this=node.this.copy(), expression=pattern)


def replaced(node: exp.RegexpReplace) -> exp.Expr:
    """Groups are ``$1`` in Spark; without ``g`` DuckDB replaces the first match."""
    modifiers = node.args.get("modifiers")
    pattern, put = node.expression.copy(), node.args["replacement"].copy()
    if isinstance(put, exp.Literal):
        text = put.name.replace("$", "\\$")
        for number in range(10):
            text = text.replace(f"\\{number}", f"${number}")
        put = exp.Literal.string(text)
    if modifiers is None or "g" not in modifiers.name:
        pattern, put = _first_only(pattern, put)
    return call("regexp_replace", node.this.copy(), pattern, put)


def _first_only(pattern: exp.Expr, put: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """A pattern that takes the rest of the text along, so that it matches once.

    Raises:
        TypeError: the pattern is no literal.
    """
    if not isinstance(pattern, exp.Literal) or not isinstance(put, exp.Literal):
        raise TypeError("regexp_replace without 'g' takes literals only")
    if pattern.name.startswith(("^", "\\A")) or pattern.name.endswith("$"):
        return pattern, put
    return (
        exp.Literal.string(f"(?s)(?:{pattern.name})(?<cakupanrest>.*)"),
        exp.Literal.string(put.name + "${cakupanrest}"),
    )
