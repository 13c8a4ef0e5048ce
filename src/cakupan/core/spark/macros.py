"""Macros of the SQL files: put in place, or kept as functions that DuckDB computes.

Spark knows no macros with expressions for arguments, so a call becomes the body with
the arguments in it. A macro that reads text (:data:`OF_TEXT`), needs a function Spark
lacks (:data:`DUCKDB_ONLY`) or a table of its own stays a call: the executors compute it
with DuckDB over batches of rows (``bridge``). The key of the pseudonym is such a table;
so it is in no plan of Spark.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

#: Functions of DuckDB that Spark has none for.
DUCKDB_ONLY = frozenset(
    {
        "damerau_levenshtein",
        "jaro_winkler_similarity",
        "nfc_normalize",
        "strip_accents",
    }
)
#: What Spark has too, but not to the letter: patterns (RE2 and Java), small letters of
#: other scripts, what text may be cast. In a macro they decide what a cell means.
OF_TEXT = (
    exp.RegexpExtract,
    exp.RegexpFullMatch,
    exp.RegexpLike,
    exp.RegexpReplace,
    exp.Lower,
    exp.Upper,
    exp.TryCast,
)
_KNOWN: dict[type[exp.Expr], str] = {
    exp.JarowinklerSimilarity: "jaro_winkler_similarity"
}
BRIDGED = "duckdb_"


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro: names of its arguments, and its body with other macros in place."""

    parameters: tuple[str, ...]
    body: exp.Expr


@dataclass(slots=True)
class Macros:
    """The macros of a session.

    Attributes:
        bridged: functions and macros that DuckDB computes, with their arguments.
        texts: definitions of all macros in DuckDB SQL, in order.
    """

    known: dict[str, Macro] = field(default_factory=dict)
    bridged: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    _bodies: dict[str, exp.Expr] = field(default_factory=dict)

    def define(self, statement: exp.Create, text: str) -> None:
        """Take in a ``create macro``; ``text`` is what DuckDB gets to see of it."""
        head = statement.this
        name = head.this.name.lower()
        parameters = tuple(one.name.lower() for one in head.expressions)
        self.texts.pop(name, None)
        self.texts[name] = text
        self._bodies[name] = statement.expression
        self.bridged.pop(name, None)
        self.known.pop(name, None)
        if self._needs_duckdb(statement.expression):
            self.bridged[name] = len(parameters)
        else:
            self.known[name] = Macro(parameters, self.expand(statement.expression))

    def _needs_duckdb(self, body: exp.Expr) -> bool:
        if body.find(*OF_TEXT):
            return True
        names = {function_name(node) for node in body.find_all(exp.Func)}
        return bool(names & (DUCKDB_ONLY | self.bridged.keys()) or body.find(exp.Table))

    def behind(self, name: str) -> tuple[list[str], set[str]]:
        """Definitions a bridged function needs, in order, and the tables it reads."""
        wanted, tables = {name}, set[str]()
        found: list[str] = []
        for known, text in reversed(self.texts.items()):
            if known in wanted:
                found.append(text)
                body = self._bodies[known]
                wanted |= {function_name(node) for node in body.find_all(exp.Func)}
                tables |= {table.name.lower() for table in body.find_all(exp.Table)}
        return found[::-1], tables

    def expand(self, query: exp.Expr) -> exp.Expr:
        """The query without calls of macros."""
        query = query.copy()
        holder = exp.Paren(this=query)
        for node in reversed(list(holder.find_all(exp.Func, bfs=True))):
            name = function_name(node)
            if name in DUCKDB_ONLY or name in self.bridged:
                arguments = _arguments(node)
                self.bridged.setdefault(name, len(arguments))
                put: exp.Expr = exp.Anonymous(
                    this=BRIDGED + name, expressions=arguments
                )
            elif isinstance(node, exp.Anonymous) and name in self.known:
                put = _in_place(self.known[name], node.expressions)
            else:
                continue
            node.replace(put)
        expanded: exp.Expr = holder.this
        return expanded


def function_name(node: exp.Expr) -> str:
    """Name of a called function in lower case."""
    if isinstance(node, exp.Anonymous):
        return str(node.name).lower()
    return _KNOWN.get(type(node), "")


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Anonymous):
        return [one.copy() for one in node.expressions]
    return [node.this.copy(), node.expression.copy()]


def _in_place(macro: Macro, arguments: list[exp.Expr]) -> exp.Expr:
    values = dict(zip(macro.parameters, arguments, strict=True))
    holder = exp.Paren(this=macro.body.copy())
    for column in list(holder.find_all(exp.Column)):
        value = None if column.table else values.get(column.name.lower())
        if value is not None:
            column.replace(_wrapped(value.copy()))
    return holder


def _wrapped(value: exp.Expr) -> exp.Expr:
    is_simple = isinstance(value, exp.Column | exp.Literal | exp.Paren | exp.Anonymous)
    return value if is_simple else exp.Paren(this=value)
