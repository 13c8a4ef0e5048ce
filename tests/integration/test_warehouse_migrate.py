"""The migrated database is what the schema says, with roles that hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cakupan.core.database import database_errors, engine_for
from cakupan.core.errors import ConfigurationError, OperationalError
from cakupan.core.schema import SCHEMAS, metadata, ops
from cakupan.core.schema.mart import CHANGES, PUBLISHED
from cakupan.core.settings import Settings
from cakupan.local.postgres import role_url
from cakupan.warehouse import migrate, reference, roles, views

SAMPLES = {
    "core.areas": "insert into core.areas (area_code, area_level, name) "
    "values ('64', 'province', 'Kalimantan Timur')",
    "vault.access_log": "insert into vault.access_log "
    "(accessed_at, role_name, purpose, row_count) values (now(), 'x', 'x', 1)",
    "ops.slices": "insert into ops.slices (province_code, coverage_month, stage) "
    "values ('64', '2026-09-01', 'x')",
    "ops.releases": "insert into ops.releases values ('64-2026-09-x', '64', "
    "'2026-09-01', 1, 'final', 1, 1, 100, 'x', 'x', 'x', now(), null)",
    "mart.monthly_discrepancies_history": "insert into "
    "mart.monthly_discrepancies_history values "
    "('64-2026-09-x', '2026-09-01', '64', 'province', 'lapsed', 1, null)",
}


def differences(connection: sa.Connection) -> list[Any]:
    """What the migrated database has otherwise than the metadata say."""
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "include_name": migrate.is_in_metadata,
            "version_table_schema": "ops",
            "compare_type": True,
            "compare_server_default": True,
        },
    )
    return list(compare_metadata(context, metadata))


def test_metadata_equals_the_database(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert differences(connection) == []


#: What version 0.1.0 kept: a partition with a row in it, and a release.
OLD_ROWS = """
create table core.registry_2026_09 partition of core.registry
    for values in ('2026-09-01') partition by list (province_code);
create table core.registry_2026_09_64 partition of core.registry_2026_09
    for values in ('64');
insert into core.registry (coverage_month, province_code, area_code, worker_group,
    person_id, payer, is_ineligible, submission_id, source_row)
    values ('2026-09-01', '64', '64.02', 'rt_rw', gen_random_uuid(), 'apbdes', false,
    's', 2);
create table core.discrepancies_2026_09 partition of core.discrepancies
    for values in ('2026-09-01');
insert into core.discrepancies values
    ('2026-09-01', '64', '64.02', 'lapsed', null, 'rt_rw', 'x', 16800, 's', 2);
insert into ops.releases values ('64-2026-09-x', '64', '2026-09-01', 1,
    'final', 1, 1, 100, 'c', 'i', 'releases/', '2026-10-20T00:00Z', null);
insert into mart.monthly_discrepancies_history values
    ('64-2026-09-x', '2026-09-01', '64', 'province', 'lapsed', 1, 16800);
"""


def test_a_warehouse_of_the_first_version_is_brought_up(
    empty_engine: sa.Engine,
) -> None:
    """Its rows stay, its tables become those of now; nothing depends on the program."""
    with empty_engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(sa.schema.CreateSchema(schema))
        migrate.move_tables(connection, "0001")
        connection.exec_driver_sql(OLD_ROWS)
        connection.execute(
            sa.text("create view mart.monthly_discrepancies as "
                    "select * from mart.monthly_discrepancies_history")
        )  # fmt: skip
    assert not migrate.is_current(empty_engine)
    migrate.upgrade(empty_engine)
    with empty_engine.connect() as connection:
        assert differences(connection) == []
        assert connection.execute(
            sa.text("select rupiah from core.discrepancies")
        ).scalars().all() == [Decimal("16800.00")]
        assert connection.execute(
            sa.text("select worker_group, funding_payer, is_reaching_age_limit "
                    "from core.registry_2026_09_64")
        ).all() == [("rt_rw", "tidak_diketahui", False)]  # fmt: skip
        assert connection.execute(
            sa.text("select rupiah from mart.monthly_discrepancies_history")
        ).scalars().all() == [16800]
        assert connection.execute(
            sa.text("select approval from mart.releases")
        ).scalars().all() == ["not_required"]


def test_revisions_do_not_read_the_program() -> None:
    """A migration must not change when the schema module does."""
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    imported = {
        line.strip()
        for path in folder.glob("v*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported == {
        "from __future__ import annotations",
        "from alembic import op",
        "from cakupan.warehouse.statements import run_beside",
    }


def test_what_an_older_version_published_counts_as_released(engine: sa.Engine) -> None:
    """Nobody was asked then; the next run must not turn it into a draft."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "insert into ops.releases values ('64-2026-09-x', '64', '2026-09-01', 1,"
                " 'final', 1, 1, 100, 'c', 'i', 'releases/', '2026-10-20T00:00Z', null)"
            )
        )
        views.drop(connection)
        connection.execute(sa.text("drop table ops.release_decisions"))
        connection.execute(
            sa.text("update ops.alembic_version set version_num = '0005'")
        )
    migrate.upgrade(engine)
    with engine.connect() as connection:
        row = connection.execute(
            sa.text("select approval, is_released, decided_at from mart.releases")
        ).one()
    assert tuple(row) == (
        "not_required",
        True,
        dt.datetime(2026, 10, 20, tzinfo=dt.UTC),
    )


def test_tables_and_views(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        tables = {
            f"{schema}.{name}"
            for schema in SCHEMAS
            for name in inspector.get_table_names(schema)
        }
        assert tables == set(metadata.tables) | {"ops.alembic_version"}
        assert set(inspector.get_view_names("mart")) == {
            *(name for name, schema in views.WRITTEN.items() if schema == "mart"),
            *PUBLISHED,
        }


def test_everything_readable_has_a_comment_and_measures_a_unit(
    engine: sa.Engine,
) -> None:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("select * from mart.data_dictionary")).all()
    assert {row.schema_name for row in rows} == set(SCHEMAS)
    assert [row for row in rows if not row.description] == []
    assert [row.table_name for row in rows if not row.table_description] == []
    assert [row.table_name for row in rows if not row.grain] == []
    measures = ("_count", "_rupiah", "_pct")
    assert [
        row.column_name
        for row in rows
        if row.column_name.endswith(measures) and not row.unit
    ] == []
    sensitive = {
        (row.table_name, row.column_name)
        for row in rows
        if row.sensitivity == "identity"
    }
    assert {table for table, _ in sensitive} == {"identities", "review_records"}


@pytest.fixture
def empty_engine(server: Settings, template_database: str) -> Iterator[sa.Engine]:
    """An empty database, owned by the loading role."""
    administrator = engine_for(role_url(server, "postgres", "postgres"))
    with administrator.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.execute(sa.text("create database empty owner cakupan_etl"))
        engine = engine_for(role_url(server, "cakupan_etl", "empty"))
        yield engine
        engine.dispose()
        connection.execute(sa.text("drop database empty with (force)"))
    administrator.dispose()


def test_upgrade_is_safe_to_repeat_and_to_run_twice_at_once(
    server: Settings, empty_engine: sa.Engine
) -> None:
    engines = [engine_for(role_url(server, "cakupan_etl", "empty")) for _ in range(3)]
    assert not migrate.is_current(empty_engine)
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(migrate.upgrade, engine) for engine in engines]:
            done.result()
    migrate.upgrade(empty_engine)
    assert migrate.is_current(empty_engine)
    for engine in engines:
        engine.dispose()


def test_a_role_that_cannot_be_made_says_what_to_do(
    server: Settings, template_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "ROLES", ("cakupan_missing",))
    engine = engine_for(role_url(server, "cakupan_etl", template_database))
    with (
        engine.begin() as connection,
        pytest.raises(ConfigurationError, match="create role cakupan_missing"),
    ):
        roles.create(connection)
    engine.dispose()


@pytest.fixture
def as_role(server: Settings, warehouse_url: str) -> Iterator[dict[str, sa.Engine]]:
    """An engine per role on a database that holds a row of everything in SAMPLES."""
    database = str(sa.make_url(warehouse_url).database)
    engines = {
        role: engine_for(role_url(server, role, database)) for role in roles.ROLES
    }
    with engines["cakupan_etl"].begin() as connection:
        for statement in SAMPLES.values():
            connection.execute(sa.text(statement))
    yield engines
    for engine in engines.values():
        engine.dispose()


def may(engine: sa.Engine, statement: str) -> bool:
    try:
        with database_errors(), engine.connect() as connection:
            connection.execute(sa.text(statement))
            connection.rollback()
    except OperationalError as error:
        assert "InsufficientPrivilege" in error.message
        return False
    return True


@pytest.mark.parametrize(
    ("role", "schemas"),
    [
        ("cakupan_etl", {"ops", "vault", "core", "mart"}),
        ("cakupan_analyst", {"core", "mart"}),
        ("cakupan_steward", {"vault", "core", "mart"}),
        ("cakupan_report", {"mart"}),
        ("cakupan_pages", {"ops", "core", "mart"}),
    ],
)
def test_what_a_role_reads(
    as_role: dict[str, sa.Engine], role: str, schemas: set[str]
) -> None:
    names = [
        *metadata.tables,
        *(f"mart.{name}" for name in PUBLISHED),
        *(f"{schema}.{name}" for name, schema in views.WRITTEN.items()),
    ]
    readable = {
        name for name in names if may(as_role[role], f"select * from {name} limit 1")
    }
    assert readable == {name for name in names if name.split(".")[0] in schemas}


@pytest.mark.parametrize(
    "role",
    ["cakupan_analyst", "cakupan_steward", "cakupan_report", "cakupan_pages"],
)
def test_readers_do_not_write(as_role: dict[str, sa.Engine], role: str) -> None:
    writable = {
        table for table, statement in SAMPLES.items() if may(as_role[role], statement)
    }
    assert writable == ({"vault.access_log"} if role == "cakupan_steward" else set())
    assert not may(as_role[role], "create table core.x (y integer)")
    assert not may(as_role[role], "create table public.x (y integer)")
    assert not may(as_role[role], "update core.areas set name = 'x'")
    assert not may(as_role[role], "delete from mart.monthly_discrepancies_history")


@pytest.mark.parametrize(
    "table", [*map(str, (*PUBLISHED.values(), *CHANGES, *ops.KEPT))]
)
@pytest.mark.parametrize(
    "statement",
    ["update {} set release_id = release_id", "delete from {}", "truncate {}"],
)
@pytest.mark.parametrize("role", ["cakupan_etl", "postgres"])
def test_released_rows_stay(
    server: Settings, warehouse_url: str, role: str, table: str, statement: str
) -> None:
    database = str(sa.make_url(warehouse_url).database)
    engine = engine_for(role_url(server, role, database))
    expected = (
        "permission denied|InsufficientPrivilege"
        if role == "cakupan_etl"
        else "is immutable|RestrictViolation|WAREHOUSE_CONSTRAINT"
    )
    with engine.connect() as connection, pytest.raises(Exception, match=expected):
        connection.execute(sa.text(statement.format(table)))
    engine.dispose()


def test_plain_views_show_the_current_release(as_role: dict[str, sa.Engine]) -> None:
    question = sa.text("select release_id from mart.monthly_discrepancies")
    with as_role["cakupan_report"].connect() as connection:
        assert connection.execute(question).all() == []
    with as_role["cakupan_etl"].begin() as connection:
        connection.execute(
            sa.text(
                "insert into ops.current_releases values "
                "('64', '2026-09-01', '64-2026-09-x')"
            )
        )
    with as_role["cakupan_report"].connect() as connection:
        assert connection.execute(question).scalars().all() == ["64-2026-09-x"]
        assert connection.execute(
            sa.text("select is_current from mart.releases")
        ).scalars().all() == [True]


def _submission(number: int, dataset: str, month: str, state: str) -> str:
    return (
        "insert into ops.submissions (submission_id, dataset, area_code, "
        "province_code, coverage_month, attempt, landing_key_sha256, file_name, "
        "sha256, size_bytes, "
        f"state, received_at) values ('s{number}', '{dataset}', '64.02', '64', "
        f"'{month}-01', {number}, 'x', 'x', 'x', 1, '{state}', "
        f"'2026-10-0{number} 01:00+00')"
    )


def test_freshness(as_role: dict[str, sa.Engine]) -> None:
    with as_role["cakupan_etl"].begin() as connection:
        for statement in (
            _submission(1, "rt_rw", "2026-09", "accepted"),
            _submission(2, "rt_rw", "2026-10", "refused"),
            _submission(3, "non_asn", "2026-10", "accepted"),
            _submission(4, "penyebut", "2026-10", "refused"),
        ):
            connection.execute(sa.text(statement))
    question = sa.text(
        "select dataset, latest_month_received::text, latest_received_at::text, "
        "latest_month_published::text, status from mart.freshness order by dataset"
    )
    with as_role["cakupan_analyst"].connect() as connection:
        assert [tuple(row) for row in connection.execute(question)] == [
            ("non_asn", "2026-10-01", "2026-10-03 01:00:00+00", None, "unpublished"),
            ("penyebut", None, "2026-10-04 01:00:00+00", None, "refused"),
            ("rt_rw", "2026-09-01", "2026-10-02 01:00:00+00", None, "unpublished"),
        ]
    with as_role["cakupan_etl"].begin() as connection:
        connection.execute(
            sa.text(
                "insert into ops.current_releases values "
                "('64', '2026-09-01', '64-2026-09-x')"
            )
        )
    with as_role["cakupan_analyst"].connect() as connection:
        assert [row[3:] for row in connection.execute(question)] == [
            ("2026-09-01", "pending"),
            ("2026-09-01", "refused"),
            ("2026-09-01", "published"),
        ]


def test_areas_are_loaded_once(engine: sa.Engine) -> None:
    count = reference.load_areas(engine)
    assert count > 80_000
    question = sa.text("select max(xmin::text::bigint), count(*) from core.areas")
    with engine.connect() as connection:
        before = connection.execute(question).one()
        names = connection.execute(
            sa.text("select name, bps_code from mart.areas where area_code = '64.02'")
        ).one()
    assert names == ("Kabupaten Kutai Kartanegara", "6403")
    with engine.begin() as connection:
        connection.execute(sa.text("delete from core.areas where area_code = '64.02'"))
        connection.execute(
            sa.text("insert into core.areas (area_code, area_level, name) "
                    "values ('00', 'province', 'x')")
        )  # fmt: skip
    reference.load_areas(engine)
    with engine.connect() as connection:
        assert connection.execute(question).one()[1] == before[1]
        middle = connection.execute(question).one()
    reference.load_areas(engine)
    with engine.connect() as connection:
        assert connection.execute(question).one() == middle
