"""Releases in a real PostgreSQL and a real folder store."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.errors import InvariantBroken, StaleWriter, UsageError
from cakupan.core.lake import reconciled_prefix
from cakupan.core.schema import core, ops
from cakupan.core.schema.mart import PUBLISHED, release_differences
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.publish import queries, release
from cakupan.publish.files import export_month, export_release
from cakupan.publish.release import Published, publish_month
from cakupan.publish.reporting import reporting_now
from publish_rows import (
    MONTH,
    denominator,
    member,
    reconciled,
    refused,
    registered,
    sent,
)

SNAPSHOT = sent("bpjs_kepesertaan", "64", file_name="peserta_******.csv")
WORKERS = sent("pekerja_rentan", "64.02")
TABLES: dict[str, list[dict[str, Any]]] = {
    "participation": [
        member(1, "64.02"),
        member(2, "64.02", "grace_1"),
        member(3, "64.02", "lapsed", segment="PU"),
    ],
    "registry": [registered(1, "64.02"), registered(4, "64.02", "not_enrolled")],
    "denominators": [
        denominator("64.02", "BPU", 3, submission_id="penyebut-64-2026-08-001")
    ],
}
Publish = Callable[..., Published]


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    return Context(settings=settings, store=prepare_store(settings), engine=engine)


@pytest.fixture
def publish(context: Context, tmp_path: Path) -> Iterator[Publish]:
    """Publish hand-made inputs the way the runs do."""

    def go(*submissions: dict[str, Any], **more: Any) -> Published:
        rows = list(submissions) or [SNAPSHOT, WORKERS]
        tables = TABLES | {name: more[name] for name in TABLES if name in more}
        with context.engine.begin() as connection:
            connection.execute(ops.submissions.delete())
            connection.execute(ops.submissions.insert(), rows)
            for name in ("participation", "denominators"):
                table = getattr(core, name)
                connection.execute(table.delete())
        generation = more.get("generation") or slices.claim(
            context.engine, "64", MONTH, "publish"
        )
        with context.scratch("publish") as folder:
            return publish_month(
                context,
                "64",
                MONTH,
                generation=generation,
                inputs_hash="x" * 64,
                slice_hash="y" * 64,
                reconciled=reconciled(folder / "in", **tables),
                inputs=[row["submission_id"] for row in rows],
                folder=folder,
            )

    yield go


def history(context: Context) -> dict[str, int]:
    with context.engine.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in (
                *PUBLISHED.items(),
                ("releases", ops.releases),
                ("release_inputs", ops.release_inputs),
                ("current_releases", ops.current_releases),
            )
        }


def stored(context: Context) -> dict[str, bytes]:
    return {
        found.key: context.store.read(found.key)
        for found in context.store.list("releases/")
    }


def test_first_release(context: Context, publish: Publish) -> None:
    made = publish()
    assert (made.is_new, made.is_changed, made.status) == (True, True, "provisional")
    row = queries.current_release(context.engine, "64", MONTH)
    assert row is not None
    assert row.release_id == made.release_id
    assert (row.sequence, row.supersedes) == (1, None)
    assert (row.present_count, row.expected_count) == (2, 38)
    assert row.completeness_pct == Decimal("5.26")
    assert f"{made.files_prefix}SHA256SUMS" in stored(context)
    with context.engine.connect() as connection:
        shown = connection.execute(
            sa.text(
                "select active_count, coverage_pct, release_id "
                "from mart.monthly_coverage where area_code = '64.02' "
                "and segment = 'BPU' and programme = 'ANY'"
            )
        ).one()
        received = connection.scalars(
            sa.text(
                "select received_at from mart.monthly_reporting "
                "where received_at is not null"
            )
        ).all()
    assert tuple(shown) == (2, Decimal("66.67"), made.release_id)
    assert set(received) == {SNAPSHOT["received_at"]}


def test_files_declare_no_column_never_to_be_null(
    context: Context, publish: Publish
) -> None:
    """That would depend on the plan of a query, and so on the engine."""
    publish()
    schemas = [
        pq.read_schema(pa.BufferReader(data))
        for key, data in stored(context).items()
        if key.endswith(".parquet")
    ]
    assert len(schemas) > 5
    assert all(field.nullable for schema in schemas for field in schema)


def test_same_content_changes_nothing(context: Context, publish: Publish) -> None:
    first = publish()
    rows, files = history(context), stored(context)
    again = publish()
    assert again.release_id == first.release_id
    assert (again.is_new, again.is_changed) == (False, False)
    assert history(context) == rows
    assert stored(context) == files


def test_correction_is_a_new_release_and_the_old_one_stays(
    context: Context, publish: Publish
) -> None:
    first = publish()
    files = stored(context)
    second = publish(participation=[member(1, "64.02")])
    assert second.is_new
    row = queries.current_release(context.engine, "64", MONTH)
    assert row is not None
    assert (row.sequence, row.supersedes) == (2, first.release_id)
    assert files.items() <= stored(context).items()
    found = queries.releases(context.engine, MONTH).as_dicts()
    assert [(each["sequence"], each["is_current"]) for each in found] == [
        (1, False),
        (2, True),
    ]


def test_going_back_makes_the_old_release_current(
    context: Context, publish: Publish
) -> None:
    first = publish()
    publish(participation=[member(1, "64.02")])
    before = history(context)
    back = publish()
    assert back.release_id == first.release_id
    assert (back.is_new, back.is_changed) == (False, True)
    row = queries.current_release(context.engine, "64", MONTH)
    assert row is not None
    assert (row.release_id, row.sequence) == (first.release_id, 1)
    assert history(context) == before


def test_stale_writer_publishes_nothing(context: Context, publish: Publish) -> None:
    old = slices.claim(context.engine, "64", MONTH, "publish")
    slices.claim(context.engine, "64", MONTH, "publish")
    with pytest.raises(StaleWriter):
        publish(generation=old)
    assert set(history(context).values()) == {0}


def test_broken_invariant_publishes_nothing(context: Context, publish: Publish) -> None:
    with pytest.raises(InvariantBroken) as caught:
        publish(denominators=TABLES["denominators"] * 2)
    assert caught.value.code == "INVARIANT_GRAIN"
    assert caught.value.exit_status == 4
    assert "monthly_coverage" in caught.value.message
    assert set(history(context).values()) == {0}
    assert stored(context) == {}


def test_killed_between_files_and_rows(
    context: Context, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(release, "_insert_tables", die)
        with pytest.raises(KeyboardInterrupt):
            publish()
    assert set(history(context).values()) == {0}
    left = stored(context)
    assert left
    # one of the files was written by another version of the program
    key = next(name for name in left if name.endswith("monthly_coverage.csv"))
    context.store.put(key, b"half")
    made = publish()
    assert made.is_new
    assert stored(context) == left


def test_export_gives_checked_files(
    context: Context, publish: Publish, tmp_path: Path
) -> None:
    first = publish()
    publish(participation=[member(1, "64.02")])
    copied = export_release(context, first.release_id, tmp_path / "out")
    folder = tmp_path / "out" / first.release_id
    assert {path.parent for path in copied} == {folder}
    subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, check=True)
    current = export_month(context, "64", MONTH, tmp_path / "out")
    assert current[0].parent != folder


def test_export_tells_what_is_wrong(
    context: Context, publish: Publish, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        export_month(context, "64", MONTH, tmp_path)
    assert caught.value.code == "NOT_RELEASED"
    with pytest.raises(UsageError) as caught:
        export_release(context, "64-2026-09-000000000000", tmp_path)
    assert caught.value.code == "RELEASE_UNKNOWN"
    made = publish()
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError) as caught:
        export_release(context, made.release_id, tmp_path / "file")
    assert caught.value.code == "FOLDER_NOT_WRITABLE"
    key = f"{made.files_prefix}monthly_coverage.csv"
    context.store.put(key, b"changed")
    with pytest.raises(InvariantBroken) as broken:
        export_release(context, made.release_id, tmp_path / "a")
    assert broken.value.code == "RELEASE_FILE_DAMAGED"
    context.store.delete(key)
    with pytest.raises(InvariantBroken):
        export_release(context, made.release_id, tmp_path / "b")


def test_coverage_rows_choose(context: Context, publish: Publish) -> None:
    publish()
    rows = queries.coverage_rows(context.engine, MONTH)
    assert len(rows.rows) == 11 * 5 * 6
    one = queries.coverage_rows(
        context.engine, MONTH, area="64.02", segment="BPU", programme="ANY"
    ).as_dicts()
    assert [row["active_count"] for row in one] == [2]
    below = queries.coverage_rows(context.engine, MONTH, area="64", level="regency")
    assert len(below.rows) == 10 * 5 * 6
    assert not queries.coverage_rows(context.engine, MONTH.plus(1)).rows
    assert len(queries.reporting_rows(context.engine, MONTH).rows) == 38


def test_explain_names_files_rows_and_denominator(
    context: Context, publish: Publish
) -> None:
    older = sent("penyebut", "64", submission_id="penyebut-64-2026-08-001")
    made = publish(SNAPSHOT, WORKERS, older, refused("rt_rw", "64.02"))
    with context.engine.begin() as connection:
        connection.execute(core.denominators.insert(), TABLES["denominators"])
    found = queries.explain(context.engine, MONTH, "64.02", "BPU")
    assert found["release"]["release_id"] == made.release_id
    assert found["release"]["is_warehouse_unchanged"] is False
    assert found["number"][0]["coverage_pct"] == Decimal("66.67")
    assert found["numerator"][0]["programme"] == "ANY"
    assert found["denominator"] == [
        {
            "definition_id": "potensi_bpjs",
            "eligible_count": 3,
            "denominator_source": "Contoh",
            "denominator_date": TABLES["denominators"][0]["reference_date"],
            "denominator_vintage": "rilis contoh",
            "submission_id": "penyebut-64-2026-08-001",
        }
    ]
    assert [row["dataset"] for row in found["inputs"]] == [
        "bpjs_kepesertaan",
        "penyebut",
    ]
    assert found["inputs"][0]["file_name"] == "peserta_******.csv"
    assert found["rules"]
    for wrong in ({"definition": "lain"}, {"segment": "XX"}):
        with pytest.raises(UsageError):
            queries.explain(
                context.engine, MONTH, "64.02", **{"segment": "BPU"} | wrong
            )


def test_differences_of_a_correction(context: Context, publish: Publish) -> None:
    first = publish()
    assert not queries.differences(context.engine, first.release_id).rows
    second = publish(
        participation=[member(1, "64.02"), member(2, "64.02")],
        registry=[registered(1, "64.02")],
    )
    found = queries.differences(context.engine, second.release_id)
    rows = {row[:4]: row[4:] for row in found.rows}
    number = ("monthly_coverage", "64.02", "BPU / ANY / potensi_bpjs")
    assert rows[*number, "paid_up_count"] == ("1", "2")
    assert rows[*number, "grace_count"] == ("1", "0")
    assert (*number, "active_count") not in rows
    worker = ("monthly_protection", "64.02", "pekerja_rentan / apbd_kab")
    assert rows[*worker, "registered_count"] == ("2", "1")
    assert {row[0] for row in found.rows} == {
        "monthly_coverage", "monthly_protection", "monthly_village_coverage",
        "monthly_funding", "monthly_early_warning", "monthly_discrepancies",
    }  # fmt: skip
    back = queries.differences(context.engine, first.release_id, second.release_id)
    assert {row[:4]: row[:3:-1] for row in back.rows} == rows


def _noted(context: Context, *pair: str) -> list[tuple[Any, ...]]:
    table = release_differences
    query = (
        sa.select(*list(table.columns)[3:])
        .where(table.c.release_id == pair[0], table.c.previous_release_id == pair[1])
        .order_by(*list(table.columns)[3:7])
    )
    with context.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_differences_are_kept_with_the_release(
    context: Context, publish: Publish, tmp_path: Path
) -> None:
    first = publish()
    second = publish(participation=[member(1, "64.02")])
    noted = _noted(context, second.release_id, first.release_id)
    found = queries.differences(context.engine, second.release_id)
    assert noted
    assert noted == sorted(found.rows, key=lambda row: row[:4])
    # the older content is current again: the way back is noted, once
    publish()
    back = _noted(context, first.release_id, second.release_id)
    assert sorted(row[:4] for row in back) == [row[:4] for row in noted]
    publish(participation=[member(1, "64.02")])
    publish()
    assert _noted(context, first.release_id, second.release_id) == back
    (copied,) = (
        path
        for path in export_release(context, second.release_id, tmp_path)
        if path.name == "differences.csv"
    )
    lines = copied.read_text().splitlines()
    assert lines[0] == "table,area_code,key,measure,before,after"
    assert len(lines) == len(noted) + 1


def test_movements_count_persons(
    context: Context, publish: Publish, tmp_path: Path
) -> None:
    first = publish()
    row = queries.release_of(context.engine, first.release_id)
    prefix = reconciled_prefix("64", MONTH, row.inputs_hash)
    for path in reconciled(tmp_path / "first", **TABLES).values():
        context.store.put(f"{prefix}/{path.name}", path)
    second = publish(
        participation=[
            member(1, "64.02", source_row=99),
            member(2, "64.03", "grace_1"),
            member(3, "64.02", "active", segment="PU"),
            member(5, "64.02"),
        ],
        registry=[registered(1, "64.02")],
    )
    later = queries.release_of(context.engine, second.release_id)
    found = queries.movements(context.engine, later)
    assert {row[:3]: row[3:] for row in found.rows} == {
        ("64", "participation", "BPU"): (1, 0, 1),
        ("64", "participation", "PU"): (0, 0, 1),
        ("64", "registry", "pekerja_rentan"): (0, 1, 0),
        ("64.02", "participation", "BPU"): (1, 1, 0),
        ("64.02", "participation", "PU"): (0, 0, 1),
        ("64.02", "registry", "pekerja_rentan"): (0, 1, 0),
        ("64.03", "participation", "BPU"): (1, 0, 0),
    }


def test_reporting_now_is_what_gets_published(
    context: Context, publish: Publish
) -> None:
    publish(SNAPSHOT, WORKERS, refused("rt_rw", "64.02"))
    names = ("area_code", "dataset", "state", "is_refused", "revision", "received_at")

    def brief(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in names) for row in rows]

    published = queries.reporting_rows(context.engine, MONTH).as_dicts()
    assert brief(reporting_now(context, "64", MONTH)) == brief(published)


def test_differences_need_one_month(context: Context, publish: Publish) -> None:
    made = publish()
    other = ops.releases.insert().from_select(
        [column.name for column in ops.releases.columns],
        sa.select(
            *(
                sa.literal("64-2026-08-000000000000")
                if column.name == "release_id"
                else sa.literal(MONTH.plus(-1).first_day)
                if column.name == "coverage_month"
                else column
                for column in ops.releases.columns
            )
        ),
    )
    with context.engine.begin() as connection:
        connection.execute(other)
    with pytest.raises(UsageError) as caught:
        queries.differences(context.engine, made.release_id, "64-2026-08-000000000000")
    assert caught.value.code == "RELEASES_OF_DIFFERENT_MONTHS"
