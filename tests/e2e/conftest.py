"""One embedded PostgreSQL per test process; a warehouse of its own per deployment."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from cakupan.core.database import engine_for
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.local import postgres
from cakupan.runs.context import initialise
from e2e.home import Home
from integration.services import S3Server, seaweed

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A running server whose database ``cakupan`` is what ``cakupan init`` makes."""
    settings = Settings(home=tmp_path_factory.mktemp("server"))
    with postgres.running(settings, {"fsync": "off", "shared_buffers": "64MB"}) as url:
        engine = engine_for(url)
        initialise(settings, engine)
        engine.dispose()
        yield settings


@pytest.fixture(scope="session")
def new_home(
    server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Home]:
    """Make deployments: each has its store and a fresh, initialised warehouse."""
    address = sa.make_url(postgres.role_url(server, "postgres", "postgres"))

    def make(**variables: str) -> Home:
        number = next(_NUMBERS)
        name = f"home_{number}"
        with psycopg.connect(
            host=str(address.query["host"]),
            user="postgres",
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(
                sql.SQL("create database {} owner cakupan_etl template cakupan").format(
                    sql.Identifier(name)
                )
            )
        home = Home(
            tmp_path_factory.mktemp(name),
            {
                "CAKUPAN_WAREHOUSE_URL": postgres.role_url(server, "cakupan_etl", name),
                "CAKUPAN_ANALYST_URL": postgres.role_url(
                    server, "cakupan_analyst", name
                ),
                "CAKUPAN_THREADS": "2",
                **variables,
            },
        )
        if home.settings.object_store.startswith("file://"):
            prepare_store(home.settings)
        return home

    return make


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server; tests take buckets of their own."""
    with seaweed(tmp_path_factory.mktemp("s3")) as server:
        yield server
