"""Identities are read by stewards only, and never without an entry in the log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cakupan.core.database import engine_for
from cakupan.core.errors import InvariantBroken, UsageError
from cakupan.core.schema.vault import access_log, identities
from cakupan.core.settings import Settings
from cakupan.local.postgres import role_url
from cakupan.rosters.vault import Steward, check_right, read_identities

SOMEBODY = uuid.UUID(int=7)


@pytest.fixture
def database(engine: sa.Engine) -> str:
    """A warehouse that knows one person."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "create table vault.identities_64 partition of vault.identities "
                "for values in ('64')"
            )
        )
        connection.execute(
            sa.insert(identities).values(
                person_id=SOMEBODY,
                province_code="64",
                name="ORANG CONTOH",
                last_seen_month=dt.date(2026, 9, 1),
            )
        )
    return str(engine.url.database)


def logged(engine: sa.Engine) -> list[tuple[str, str, int]]:
    """Role, purpose and rows of every entry."""
    query = sa.select(
        access_log.c.role_name, access_log.c.purpose, access_log.c.row_count
    ).order_by(access_log.c.access_id)
    with engine.connect() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


@pytest.fixture
def steward(server: Settings, database: str) -> Iterator[Steward]:
    """A login that is a steward."""
    found = engine_for(role_url(server, "cakupan_steward", database))
    yield Steward(found)
    found.dispose()


def test_a_steward_reads_and_is_logged(steward: Steward, engine: sa.Engine) -> None:
    found = read_identities(steward, "64", [SOMEBODY, SOMEBODY], "uji")
    assert found[SOMEBODY].name == "ORANG CONTOH"
    assert "CONTOH" not in repr(found)
    assert logged(engine) == [("cakupan_steward", "uji", 1)]


def test_nobody_asked_for_is_logged_too(steward: Steward, engine: sa.Engine) -> None:
    assert read_identities(steward, "64", [], "uji") == {}
    assert logged(engine) == [("cakupan_steward", "uji", 0)]


def test_a_login_that_may_become_one(
    server: Settings, database: str, engine: sa.Engine
) -> None:
    owner = engine_for(role_url(server, "postgres", database))
    assert read_identities(Steward(owner, "cakupan_steward"), "64", [SOMEBODY], "uji")
    owner.dispose()
    assert logged(engine) == [("cakupan_steward", "uji", 1)]


@pytest.mark.parametrize("role", ["cakupan_analyst", "cakupan_report"])
def test_all_others_are_refused(
    role: str, server: Settings, database: str, engine: sa.Engine
) -> None:
    other = engine_for(role_url(server, role, database))
    with pytest.raises(UsageError, match="STEWARD_RIGHT_MISSING"):
        check_right(Steward(other))
    with pytest.raises(UsageError, match="STEWARD_RIGHT_MISSING"):
        read_identities(Steward(other), "64", [SOMEBODY], "uji")
    other.dispose()
    assert logged(engine) == []


def test_the_loader_is_no_steward(database: str, engine: sa.Engine) -> None:
    with pytest.raises(UsageError, match="STEWARD_RIGHT_MISSING"):
        check_right(Steward(engine, "cakupan_steward"))


def test_a_person_the_vault_does_not_know(steward: Steward) -> None:
    with pytest.raises(InvariantBroken, match="IDENTITY_MISSING"):
        read_identities(steward, "64", [SOMEBODY, uuid.UUID(int=8)], "uji")
