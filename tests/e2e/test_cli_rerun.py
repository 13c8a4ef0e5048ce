"""Run again, late files, and processes that die: the warehouse is the same.

What is compared is every row of ``ops``, ``vault``, ``core`` and ``mart`` but the
moments, and every release file.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from cakupan.core.schema import core, metadata
from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, people, write_csv

pytestmark = pytest.mark.slow

MONTHS = ("2026-04", "2026-05")
LATE = "64.07"
# what says when, how often somebody took over, or in which order rows were noted
_MOMENTS = {
    "generation", "landing_number", "landing_etag", "landing_key_sha256", "tried_count",
}  # fmt: skip


def _files(folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    found = []
    for number, month in enumerate(MONTHS):
        here = people(20 + number)
        bad = here[0].as_worker()
        bad[0] = "64"
        rows = [one.as_worker() for one in here[1:]] + [bad]
        members = [one.as_member(month, "64.02", "kemendagri") for one in here[:15]]
        found += [
            write_csv(folder / f"pekerja_rentan_64.02_{month}.csv", WORKERS, rows),
            write_csv(folder / f"bpjs_kepesertaan_64_{month}.csv", MEMBERS, members),
        ]
    return found


def _late(folder: Path) -> Path:
    rows = [one.as_worker() for one in people(9, LATE, first=300)]
    name = f"pekerja_rentan_{LATE}_{MONTHS[1]}.csv"
    return write_csv(folder / name, WORKERS, rows)


def _content(home: Home) -> dict[str, list[str]]:
    """Rows of every table as text, without moments."""
    content = {}
    with home.context() as context, context.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name in {"run_digests", "access_log", "areas", "slices"}:
                continue  # fingerprints of slices hold the moment of receipt
            columns = [
                sa.cast(column, sa.Text)
                for column in table.columns
                if not column.name.endswith("_at") and column.name not in _MOMENTS
            ]
            rows = connection.execute(sa.select(*columns))
            content[str(table)] = sorted(repr(tuple(row)) for row in rows)
    assert content[str(core.registry)]
    return content


def _generations(home: Home) -> dict[tuple[str, str], int]:
    return {
        (str(month), stage): generation
        for month, stage, generation in home.rows(
            "select coverage_month, stage, generation from ops.slices"
        )
    }


def _releases(home: Home) -> list[tuple[object, ...]]:
    return home.rows(
        "select release_id, sequence, supersedes, released_at from ops.releases "
        "order by coverage_month, sequence"
    )


@pytest.fixture(scope="module")
def once(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """Two months, run in one go."""
    home = new_home()
    home.cli("submit", *_files(tmp_path_factory.mktemp("once"))).ok()
    home.cli("run").ok()
    return home


def test_killed_anywhere_and_run_again(
    once: Home, new_home: Callable[..., Home], tmp_path: Path
) -> None:
    """Killed when it has come to a stage, a little later each time; then it is run."""
    home = new_home()
    home.cli("submit", *_files(tmp_path / "files")).ok()
    marks = (
        "select count(*) > 0 from ops.submissions",
        "select count(*) > 1 from ops.submissions where state = 'accepted'",
        "select count(*) > 0 from ops.slices where stage = 'warehouse'",
        "select count(*) > 0 from ops.slices where stage = 'publish'",
    )
    for number, mark in enumerate(marks):
        process = home.process("run")
        with home.context() as context:
            end = time.monotonic() + 120
            while process.poll() is None and time.monotonic() < end:
                with context.engine.connect() as connection:
                    if connection.scalar(sa.text(mark)):
                        break
                time.sleep(0.01)
        time.sleep(0.02 * number)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode in {-signal.SIGKILL, 0}
    home.cli("run").ok()
    assert _content(home) == _content(once)
    assert home.release_files() == once.release_files()
    # no scratch file of those that died is left: it held persons
    assert [path for path in home.settings.work_dir.rglob("*") if path.is_file()] == []


def test_second_run_changes_nothing(once: Home) -> None:
    before = _content(once), _generations(once), _releases(once), once.release_files()
    done = once.cli("run").ok()
    assert done.out == ""
    assert "Tidak ada yang baru." in done.err
    named = once.cli("run", "--month", MONTHS[0], "--json").ok().json
    assert [one["is_new"] for one in named["releases"]] == [False]
    after = _content(once), _generations(once), _releases(once), once.release_files()
    assert after == before


def test_same_bytes_again_are_a_duplicate(once: Home, tmp_path: Path) -> None:
    before = _generations(once), _releases(once), once.release_files()
    (first, *_) = _files(tmp_path / "again")
    once.cli("submit", first).ok()
    done = once.cli("run", "--json").ok().json
    assert [one["state"] for one in done["submissions"]] == ["duplicate"]
    assert done["releases"] == []
    assert (_generations(once), _releases(once), once.release_files()) == before


def test_late_file_recomputes_its_month_only(once: Home, tmp_path: Path) -> None:
    generations, releases = _generations(once), _releases(once)
    early = {key: sha for key, sha in once.release_files().items()}
    once.cli("submit", _late(tmp_path)).ok()
    done = once.cli("run", "--json").ok().json
    assert [one["month"] for one in done["releases"]] == [MONTHS[1]]
    now = _generations(once)
    moved = {month for (month, _), number in now.items()
             if number != generations[(month, _)]}  # fmt: skip
    assert moved == {f"{MONTHS[1]}-01"}
    later = _releases(once)
    assert later[: len(releases)] == releases
    ((_, sequence, supersedes, _),) = later[len(releases) :]
    assert (sequence, supersedes) == (2, releases[-1][0])
    # a published release is never touched
    files = once.release_files()
    assert {key: files[key] for key in early} == early
    rows = once.rows(
        "select sum(registered_count)::int from mart.monthly_protection "
        "where area_code = :area and coverage_month = cast(:month as date)",
        area=LATE,
        month=f"{MONTHS[1]}-01",
    )
    assert rows == [(9,)]


def test_late_at_once_is_the_same_as_late(
    once: Home, new_home: Callable[..., Home], tmp_path: Path
) -> None:
    """The last content does not depend on what was published before."""
    home = new_home()
    home.cli("submit", *_files(tmp_path / "files"), _late(tmp_path)).ok()
    home.cli("run").ok()
    assert _generations(home)[(f"{MONTHS[1]}-01", "publish")] == 1
    current = "select release_id from ops.current_releases order by 1"
    assert home.rows(current) == once.rows(current)
    one, other = _content(home), _content(once)
    for table in ("core.registry", "core.participation", "core.persons",
                  "core.discrepancies", "vault.identities"):  # fmt: skip
        assert one[table] == other[table], table
