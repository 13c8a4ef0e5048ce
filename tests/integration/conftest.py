"""One embedded PostgreSQL per test process, a fresh migrated database per test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.local import postgres
from cakupan.warehouse import migrate
from integration.published_month import publish_case
from integration.services import S3Server, free_ports, seaweed
from pages_site import Site, running_site

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings whose home has a running server (nothing is migrated)."""
    settings = Settings(home=tmp_path_factory.mktemp("server"))
    with postgres.running(settings, {"fsync": "off", "shared_buffers": "64MB"}):
        yield settings


@pytest.fixture(scope="session")
def template_database(server: Settings) -> str:
    """Name of a migrated database nobody is connected to."""
    engine = engine_for(postgres.role_url(server, "cakupan_etl"))
    migrate.upgrade(engine)
    engine.dispose()
    return "cakupan"


@pytest.fixture
def warehouse_url(server: Settings, template_database: str) -> Iterator[str]:
    """URL, as ``cakupan_etl``, of a fresh migrated database; dropped afterwards."""
    name = f"test_{next(_NUMBERS)}"
    _administer(server, "create database {} owner cakupan_etl template {}", name,
                template_database)  # fmt: skip
    yield postgres.role_url(server, "cakupan_etl", name)
    _administer(server, "drop database {} with (force)", name)


@pytest.fixture(scope="session")
def site(
    server: Settings, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A released month of East Kalimantan behind Airflow's api server."""
    name = f"pages_{next(_NUMBERS)}"
    _administer(server, "create database {} owner cakupan_etl template {}", name,
                template_database)  # fmt: skip
    folder = tmp_path_factory.mktemp("pages")
    settings = replace(
        server,
        object_store=f"file://{folder / 'store'}",
        access_file=folder / "access.yml",
        warehouse_url=postgres.role_url(server, "cakupan_etl", name),
        pages_url=postgres.role_url(server, "cakupan_pages", name),
        steward_url=postgres.role_url(server, "cakupan_steward", name),
        person_key="uji-" + "0" * 60,
        upload_limit=1_000_000,
    )
    engine = engine_for(settings.warehouse_url or "")
    publish_case(Context(settings, prepare_store(settings), engine))
    engine.dispose()
    with running_site(settings, free_ports(1)[0]) as running:
        yield running


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server; tests take buckets of their own."""
    with seaweed(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def engine(warehouse_url: str) -> Iterator[sa.Engine]:
    """Engine on a fresh migrated database, as ``cakupan_etl``."""
    engine = engine_for(warehouse_url)
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    """Settings of a home of its own whose warehouse is a fresh migrated database."""
    return Settings(
        home=tmp_path / "home",
        object_store=f"file://{tmp_path / 'home' / 'store'}",
        warehouse_url=warehouse_url,
        person_key="uji-" + "0" * 60,
        threads=2,
    )


def _administer(server: Settings, statement: str, *names: str) -> None:
    url = sa.make_url(postgres.role_url(server, "postgres", "postgres"))
    with psycopg.connect(
        host=str(url.query["host"]), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(
            sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        )
