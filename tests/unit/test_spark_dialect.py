"""DuckDB SQL as Spark SQL: what sqlglot alone would turn into another result."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import duckdb
import pytest

from cakupan.core.resources import include
from cakupan.core.spark import whole_rows
from cakupan.core.spark.dialect import (
    Source,
    bound,
    rewritten,
    spark_text,
    statements,
)
from cakupan.core.spark.macros import Macros
from cakupan.core.spark.relations import outside

STAGES = ("02_staging", "03_quality", "04_reconcile", "06_publish")
FILES = sorted(
    path
    for stage in STAGES
    for path in include("sql", stage).rglob("*.sql")
    if stage != "02_staging" or not path.name.startswith("macros_")  # DuckDB's
)


def spark(text: str) -> str:
    (query,) = statements(text)
    return spark_text(rewritten(query))


@pytest.mark.parametrize(
    ("duckdb", "expected"),
    [
        ("select a / b", "SELECT try_divide(CAST(a AS DOUBLE), CAST(b AS DOUBLE))"),
        ("select len(a), length(b)", "SELECT size(a), LENGTH(b)"),
        ("select any_value(a) from t", "SELECT ANY_VALUE(a) IGNORE NULLS FROM t"),
        (
            "select date_diff('month', a, b)",
            "SELECT ((YEAR(b) - YEAR(a)) * 12 + MONTH(b) - MONTH(a))",
        ),
        (
            "select date_sub('year', a, b)",
            "SELECT (IF(a <= b, (YEAR(b) - YEAR(a)) * 12 + MONTH(b) - MONTH(a) - "
            "IF(DAY(a) > DAY(b) AND b <> LAST_DAY(b), 1, 0), "
            "-((YEAR(a) - YEAR(b)) * 12 + MONTH(a) - MONTH(b) - "
            "IF(DAY(b) > DAY(a) AND a <> LAST_DAY(a), 1, 0))) DIV 12)",
        ),
        (
            "select a from t where regexp_matches(a, '^[0-9]+$')",
            r"SELECT a FROM t WHERE a RLIKE '^[0-9]+\\z'",
        ),
        ("select list_bool_or([a, b])", "SELECT array_max(ARRAY(a, b))"),
        (
            "select arg_min(a, (b, c)) from t",
            "SELECT min_by(a, named_struct('n0', b IS NULL, 'v0', b, 'n1', c IS NULL, "
            "'v1', c)) "
            "FILTER(WHERE NOT a IS NULL) FROM t",
        ),
        (
            "select a from t order by (b, c) desc",
            "SELECT a FROM t ORDER BY "
            "named_struct('n0', b IS NULL, 'v0', b, 'n1', c IS NULL, 'v1', c) DESC",
        ),
        (
            "select x[2], y[1] from (select min((a, b)) as x, c as y from t)",
            "SELECT x.v1, y[0] FROM (SELECT MIN(named_struct('n0', a IS NULL, 'v0', a, "
            "'n1', b IS NULL, 'v1', b)) AS x, c AS y FROM t)",
        ),
        (
            "select string_agg(distinct a, '+' order by a) filter (where b) from t",
            "SELECT IF(COUNT(a) FILTER(WHERE b) > 0, array_join(array_sort("
            "collect_set(a) FILTER(WHERE b)), '+'), NULL) FROM t",
        ),
        (
            "select list_sum([a, b])",
            "SELECT CASE WHEN NOT COALESCE(a, b) IS NULL THEN 0 + COALESCE(a, 0) + "
            "COALESCE(b, 0) END",
        ),
        (
            r"select regexp_replace(a, '^(x)y', '\1', 'g')",
            "SELECT regexp_replace(a, '^(x)y', '$1')",
        ),
        (
            r"select regexp_full_match(a, '\d+')",
            r"SELECT a RLIKE '\\A(?:\\d+)\\z'",
        ),
        (
            "select * from t qualify row_number() over (order by a) = 1",
            "SELECT * EXCEPT (is_kept) FROM (SELECT *, (ROW_NUMBER() OVER "
            "(ORDER BY a NULLS LAST) = 1) AS is_kept FROM t) AS judged WHERE is_kept",
        ),
    ],
)
def test_rewritten(duckdb: str, expected: str) -> None:
    assert spark(duckdb) == expected


def test_parameters_are_typed_literals() -> None:
    (query,) = statements("select $day, $text, $no, $some, $none")
    given = {
        "day": dt.date(2026, 9, 1),
        "text": "it's $no",
        "no": 3,
        "some": ["a"],
        "none": None,
    }
    assert spark_text(rewritten(bound(query, given))) == (
        "SELECT CAST('2026-09-01' AS DATE), 'it\\'s $no', 3, ARRAY('a'), NULL"
    )


def test_macros_are_put_in_place() -> None:
    macros = Macros()
    for text in ("create macro f(a) as a + 1", "create macro g(a, b) as f(a) * f(b)"):
        (made,) = statements(text)
        macros.define(made, text)  # type: ignore[arg-type]
    (query,) = statements("select g(x or y, t.a) from t")
    assert spark_text(macros.expand(query)) == (
        "SELECT (((x OR y) + 1) * (t.a + 1)) FROM t"
    )


def test_macros_beyond_spark_stay_calls() -> None:
    macros = Macros()
    for text in (
        "create macro plain(a) as strip_accents(a)",
        "create macro keyed(a) as a || (select k from keys)",
        "create macro both(a) as plain(keyed(a))",
    ):
        (made,) = statements(text)
        macros.define(made, text)  # type: ignore[arg-type]
    (query,) = statements("select both(x), damerau_levenshtein(x, y)")
    assert spark_text(macros.expand(query)) == (
        "SELECT duckdb_both(x), duckdb_damerau_levenshtein(x, y)"
    )
    texts, tables = macros.behind("both")
    assert len(texts) == 3
    assert tables == {"keys"}


@pytest.mark.parametrize(
    "body",
    ["regexp_matches(a, 'x')", "upper(a)", "try_cast(a as integer)", "f(trim(a))"],
)
def test_macros_that_read_text_stay_calls(body: str) -> None:
    macros = Macros()
    for text in ("create macro f(a) as lower(a)", f"create macro g(a) as {body}"):
        (made,) = statements(text)
        macros.define(made, text)  # type: ignore[arg-type]
    (query,) = statements("select g(x)")
    assert spark_text(macros.expand(query)) == "SELECT duckdb_g(x)"


def test_no_macro_has_a_name_that_is_taken_for_another_function() -> None:
    texts = [path.read_text("utf-8") for path in include("sql").rglob("macros_*.sql")]
    named = re.findall(r"create or replace (?:temp )?macro (\w+)", "\n".join(texts))
    assert len(named) > 40
    assert [name for name in named if name.upper() in Source.Parser.FUNCTIONS] == []


def test_whole_rows_are_written_out() -> None:
    (query,) = statements(
        "with some as (select a, b, c from t) "
        "select row_number() over (order by row(*columns(* exclude (b)))) from some"
    )
    with duckdb.connect() as connection:
        connection.execute("create table t (a integer, b integer, c integer)")
        spelled = whole_rows.spelled_out(query, connection)
    assert spelled.sql("duckdb").endswith('OVER (ORDER BY ("a", "c")) FROM "some"')


def test_names_of_a_query_are_no_relations_of_the_session() -> None:
    (query,) = statements(
        "with a as (select * from a), b as (select * from a join c using (k)) "
        "select * from b where exists (select 1 from a) and k in (select k from d)"
    )
    assert sorted(table.name for table in outside(query)) == ["a", "c", "d"]


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: str(path.relative_to(include()))
)
def test_every_file_is_understood(path: Path) -> None:
    for statement in statements(path.read_text("utf-8")):
        assert spark_text(rewritten(statement))
