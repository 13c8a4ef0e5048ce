"""An analyst's statement reads, once, and nothing it may not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cakupan.core.errors import ConfigurationError, OperationalError, UsageError
from cakupan.core.settings import Settings
from cakupan.local.postgres import role_url
from cakupan.warehouse.query import run_query


@pytest.fixture
def analyst_url(server: Settings, warehouse_url: str) -> str:
    return role_url(server, "cakupan_analyst", str(sa.make_url(warehouse_url).database))


@pytest.fixture
def owner_url(server: Settings, warehouse_url: str) -> str:
    """A login that is not an analyst but may become one."""
    return role_url(server, "postgres", str(sa.make_url(warehouse_url).database))


@pytest.mark.parametrize(
    ("query", "columns", "rows"),
    [
        ("select 1 as a, '%' as b", ("a", "b"), [(1, "%")]),
        ("select area_code from mart.areas where false", ("area_code",), []),
        ("-- note\n/* x */ with t as (select 2 as n) select n from t;", ("n",), [(2,)]),
        ("values (1), (2)", ("column1",), [(1,), (2,)]),
        ("(select 1 as x)", ("x",), [(1,)]),
        ("show transaction_read_only", ("transaction_read_only",), [("on",)]),
    ],
)
def test_reads(
    analyst_url: str, query: str, columns: tuple[str, ...], rows: list[tuple[object]]
) -> None:
    found, values = run_query(analyst_url, query)
    assert (found, list(values)) == (columns, rows)


def test_limit_and_streaming(analyst_url: str) -> None:
    _, rows = run_query(analyst_url, "select * from generate_series(1, 30000)")
    assert sum(row[0] for row in rows) == 450_015_000
    _, rows = run_query(analyst_url, "select * from generate_series(1, 30000)", limit=2)
    assert list(rows) == [(1,), (2,)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "SQL_REFUSED"),
        ("do $$ begin end $$", "SQL_REFUSED"),
        ("set role cakupan_etl", "SQL_REFUSED"),
        ("call x()", "SQL_REFUSED"),
        ("insert into core.areas default values", "SQL_REFUSED"),
        ("select 1; select 2", "SQL_FAILED"),
        ("show timezone; select 2", "SQL_FAILED"),
        ("select from from", "SQL_FAILED"),
        ("select * from core.nothing", "SQL_FAILED"),
        ("select 1/0", "SQL_FAILED"),
        ("select * from vault.identities", "SQL_FORBIDDEN"),
        ("select * from ops.submissions", "SQL_FORBIDDEN"),
        ("select lo_create(1)", "SQL_FAILED"),
        ("explain analyze insert into core.areas values ('1')", "SQL_FAILED"),
    ],
)
def test_refusals(analyst_url: str, query: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(run_query(analyst_url, query)[1])
    assert caught.value.code == code


def test_a_slow_query_is_ended(analyst_url: str) -> None:
    with pytest.raises(UsageError, match="SQL_TIMEOUT"):
        run_query(analyst_url, "select pg_sleep(60)", timeout_seconds=1)


def test_switched_role_reads_as_analyst(owner_url: str) -> None:
    columns, rows = run_query(
        owner_url, "select current_user as who", role="cakupan_analyst"
    )
    assert (columns, list(rows)) == (("who",), [("cakupan_analyst",)])
    with pytest.raises(UsageError, match="SQL_FORBIDDEN"):
        run_query(owner_url, "select nik from vault.identities", role="cakupan_analyst")


@pytest.mark.parametrize(
    "query",
    [
        "select set_config('role', 'none', false), query_to_xml('table x')",
        "select query_to_xml('select set_con' || 'fig(''role'', ''none'', false)')",
        "select U&\"set\\005fconfig\"('role', 'none', false)",
        "select * from ts_stat('select 1')",
        "select \"set_config\"('role', 'none', false)",
        "reset role",
    ],
)
def test_switched_role_has_no_way_back(owner_url: str, query: str) -> None:
    with pytest.raises(UsageError, match="SQL_REFUSED"):
        run_query(owner_url, query, role="cakupan_analyst")


def test_login_that_may_not_switch(server: Settings, warehouse_url: str) -> None:
    url = role_url(server, "cakupan_report", str(sa.make_url(warehouse_url).database))
    with pytest.raises(ConfigurationError, match="ANALYST_URL"):
        run_query(url, "select 1", role="cakupan_analyst")


def test_server_away(tmp_path: object) -> None:
    with pytest.raises(OperationalError, match="WAREHOUSE_UNREACHABLE"):
        run_query(f"postgresql+psycopg://x@/x?host={tmp_path}", "select 1")
