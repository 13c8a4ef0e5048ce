"""A month is replaced whole; any order of months, any interruption, one end."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.errors import InvariantBroken, StaleWriter
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.core.store.base import ObjectStore
from cakupan.warehouse.load import load_month
from integration.warehouse_month import contents, leftovers, person, write_month

JULY, AUGUST, SEPTEMBER = (CoverageMonth(2026, number) for number in (7, 8, 9))
MONTHS = {
    JULY: {1: "Contoh Satu", 2: "Contoh Dua"},
    AUGUST: {1: "Contoh Satu Baru", 3: "Contoh Tiga"},
    SEPTEMBER: {1: "Contoh Satu", 2: "Contoh Dua Lain Nama", 4: "Contoh Empat"},
}


class NoStore:
    """Loading reads a local folder only."""


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    store: ObjectStore = NoStore()  # type: ignore[assignment]
    return Context(settings, store, engine)


def load(
    context: Context, folder: Path, month: CoverageMonth, province: str = "64"
) -> dict[str, int]:
    generation = slices.claim(context.engine, province, month, "warehouse")
    return load_month(context, province, month, generation, f"h-{month}", folder)


def test_counts_and_hash(context: Context, tmp_path: Path) -> None:
    folder = write_month(tmp_path / "m", JULY, MONTHS[JULY])
    assert slices.loaded_hash(context.engine, "64", JULY, "warehouse") is None
    counts = load(context, folder, JULY)
    assert {name: count for name, count in counts.items() if count} == {
        "denominators": 1, "targets": 1, "registry": 2, "participation": 2, "links": 2,
        "discrepancies": 2, "persons": 2, "identities": 2,
    }  # fmt: skip
    assert slices.loaded_hash(context.engine, "64", JULY, "warehouse") == f"h-{JULY}"


def test_any_order_and_repetition_end_the_same(
    context: Context, tmp_path: Path
) -> None:
    folders = {
        month: write_month(tmp_path / str(month), month, people)
        for month, people in MONTHS.items()
    }
    ends = []
    for order in itertools.permutations(MONTHS):
        with context.engine.begin() as connection:
            for table in ("core.persons", "vault.identities", "core.registry"):
                connection.execute(sa.text(f"truncate {table}"))
        for month in (*order, order[0]):
            load(context, folders[month], month)
        ends.append(contents(context.engine))
    assert all(end == ends[0] for end in ends)
    names = {row[0]: row[4] for row in ends[0]["vault.identities"]}
    assert names == {
        person(1): "Contoh Satu",
        person(2): "Contoh Dua Lain Nama",
        person(3): "Contoh Tiga",
        person(4): "Contoh Empat",
    }
    seen = {row[0]: row[6] for row in ends[0]["core.persons"]}
    assert seen[person(1)] == JULY.first_day
    assert seen[person(4)] == SEPTEMBER.first_day


def test_a_slice_is_replaced_whole_and_alone(context: Context, tmp_path: Path) -> None:
    july = write_month(tmp_path / "7", JULY, MONTHS[JULY])
    load(context, july, JULY)
    other = write_month(tmp_path / "62", JULY, {8: "Contoh Delapan"}, province="62")
    load(context, other, JULY, "62")
    load(context, write_month(tmp_path / "8", AUGUST, MONTHS[AUGUST]), AUGUST)
    before = contents(context.engine)
    load(context, write_month(tmp_path / "9", JULY, {1: "Contoh Satu"}), JULY)
    load(context, july, JULY)
    assert contents(context.engine) == before
    assert leftovers(context.engine) == []


def test_an_empty_month_is_loaded(context: Context, tmp_path: Path) -> None:
    load(context, write_month(tmp_path / "a", JULY, MONTHS[JULY]), JULY)
    empty = write_month(tmp_path / "b", JULY, {}, denominators=[], targets=[])
    assert set(load(context, empty, JULY).values()) == {0}
    found = contents(context.engine)
    assert found["core.registry"] == found["core.targets"] == []
    assert len(found["vault.identities"]) == 2


@pytest.mark.parametrize(
    ("table", "rows", "code"),
    [
        ("registry", [{"person_id": person(1)}] * 2, "WAREHOUSE_CONSTRAINT"),
        ("registry", [{"person_id": person(77)}], "PERSON_UNKNOWN"),
        ("persons", [{"person_id": person(1)}] * 2, "PERSON_REPEATED"),
        ("registry", [{"person_id": person(1), "province_code": "62"}], "SLICE_MIXED"),
        ("links", [{"person_id": None, "membership_id": person(1)}],
         "WAREHOUSE_CONSTRAINT"),
    ],
)  # fmt: skip
def test_broken_files_change_nothing(
    context: Context,
    tmp_path: Path,
    table: str,
    rows: list[dict[str, object]],
    code: str,
) -> None:
    load(context, write_month(tmp_path / "a", JULY, {1: "Contoh Satu"}), JULY)
    before = contents(context.engine)
    broken = write_month(tmp_path / "b", JULY, {1: "Contoh Dua"}, **{table: rows})
    with pytest.raises(InvariantBroken) as caught:
        load(context, broken, JULY)
    assert caught.value.code == code
    assert "Contoh" not in str(caught.value)
    assert contents(context.engine) == before
    assert leftovers(context.engine) == []


def test_missing_file_and_other_columns(context: Context, tmp_path: Path) -> None:
    folder = write_month(tmp_path / "a", JULY, {1: "Contoh Satu"})
    (folder / "links.parquet").unlink()
    with pytest.raises(InvariantBroken, match="TABLE_MISSING"):
        load(context, folder, JULY)
    duckdb.execute(f"copy (select 1 as x) to '{folder}/links.parquet' (format parquet)")
    with pytest.raises(InvariantBroken, match="TABLE_SHAPE"):
        load(context, folder, JULY)


def test_stale_writer_is_refused(context: Context, tmp_path: Path) -> None:
    folder = write_month(tmp_path / "a", JULY, {1: "Contoh Satu"})
    old = slices.claim(context.engine, "64", JULY, "warehouse")
    new = slices.claim(context.engine, "64", JULY, "warehouse")
    assert new > old
    with pytest.raises(StaleWriter):
        load_month(context, "64", JULY, old, "old", folder)
    load_month(context, "64", JULY, new, "new", folder)
    assert slices.loaded_hash(context.engine, "64", JULY, "warehouse") == "new"


def test_writer_overtaken_in_the_middle_leaves_no_trace(context: Context) -> None:
    engine = context.engine
    old = slices.claim(engine, "64", JULY, "publish")
    with (
        pytest.raises(StaleWriter),
        slices.writing(engine, "64", JULY, "publish", old, "old") as connection,
    ):
        connection.execute(sa.text("create table core.trace (x integer)"))
        slices.claim(engine, "64", JULY, "publish")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select to_regclass('core.trace')")) is None
    assert slices.loaded_hash(engine, "64", JULY, "publish") is None


def test_slices_of_one_province_load_side_by_side(
    context: Context, tmp_path: Path
) -> None:
    folders = {
        month: write_month(tmp_path / str(month), month, people)
        for month, people in MONTHS.items()
    }
    with ThreadPoolExecutor() as pool:
        for done in [
            pool.submit(load, context, folders[month], month) for month in MONTHS
        ]:
            done.result()
    together = contents(context.engine)
    for month in MONTHS:
        load(context, folders[month], month)
    assert contents(context.engine) == together


CHILD = """
import sys
from pathlib import Path
import cakupan.warehouse.load as load
from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings

step, url, home, folder = sys.argv[1:]
owner, name = (load, step) if hasattr(load, step) else (load.Leaf, step)
original = getattr(owner, name)

def stop_after(*arguments, **named):
    result = original(*arguments, **named)
    print("reached", flush=True)
    sys.stdin.read()
    return result

setattr(owner, name, stop_after)
engine = engine_for(url)
month = CoverageMonth(2026, 7)
generation = slices.claim(engine, "64", month, "warehouse")
context = Context(Settings(home=Path(home)), None, engine)
load.load_month(context, "64", month, generation, "child", Path(folder))
print("done", flush=True)
"""


@pytest.mark.parametrize(
    "step",
    [
        "copy_arrow",
        "add_indexes",
        "_merge_persons",
        "_merge_identities",
        "swap",
        "_verify",
    ],
)
def test_killed_in_the_middle(
    context: Context, warehouse_url: str, tmp_path: Path, step: str
) -> None:
    load(
        context, write_month(tmp_path / "a", JULY, {1: "Contoh Satu", 2: "Lama"}), JULY
    )
    before = contents(context.engine)
    folder = write_month(tmp_path / "b", JULY, {1: "Contoh Satu Baru", 3: "Baru"})
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, step, warehouse_url, tmp_path / "h", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "reached\n"
        os.kill(child.pid, signal.SIGKILL)
    _wait_until_alone(warehouse_url)
    assert contents(context.engine) == before
    assert leftovers(context.engine) == []
    assert slices.loaded_hash(context.engine, "64", JULY, "warehouse") == f"h-{JULY}"
    load(context, folder, JULY)
    after = contents(context.engine)
    load(context, folder, JULY)
    assert contents(context.engine) == after
    assert len(after["core.registry"]) == 2
    assert leftovers(context.engine) == []


def _wait_until_alone(url: str) -> None:
    """The server ends the session of a dead client by itself."""
    engine = engine_for(url)
    question = sa.text(
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and xact_start is not null and pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        while connection.scalar(question):
            connection.rollback()
            time.sleep(0.02)
    engine.dispose()
