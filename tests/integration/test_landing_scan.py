"""Landing on real PostgreSQL, on a folder and on a real S3."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cakupan.core import ledger
from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.errors import OperationalError, SubmissionRefused, UsageError
from cakupan.core.findings import findings_table
from cakupan.core.schema.ops import submissions
from cakupan.core.settings import Settings
from cakupan.core.store import ObjectStore, open_store, prepare_store
from cakupan.core.submission import Submission
from cakupan.landing import intake, submit
from cakupan.landing import scan as scanning
from cakupan.landing.naming import parse_key
from cakupan.landing.revisions import UNREAD
from cakupan.landing.scan import scan
from cakupan.landing.submit import submit_file
from integration.services import S3Server

SLOT = "landing/rt_rw/64.02/2026-09"
NIK = "6402014107850001"
START = dt.datetime(2026, 10, 1, 1, tzinfo=dt.UTC)
_BUCKETS = itertools.count(1)


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    return Context(settings, prepare_store(settings), engine)


@pytest.fixture
def s3_context(
    context: Context, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> Context:
    for name, value in s3_server.environ.items():
        monkeypatch.setenv(name, value)
    address = f"s3://pendaratan-{next(_BUCKETS)}/uji"
    settings = replace(context.settings, object_store=address)
    return Context(settings, prepare_store(settings), context.engine)


def _put(context: Context, name: str, content: str, minutes: int = 0) -> str:
    key = name if name.startswith("landing/") else f"{SLOT}/{name}"
    moment = START + dt.timedelta(minutes=minutes)
    context.store.put(key, content.encode(), stored_at=moment)
    return key


def _told(found: tuple[Submission, ...]) -> list[tuple[str, int | None]]:
    return [(submission.state, submission.revision) for submission in found]


def _accept(context: Context, found: Submission, state: str = "accepted") -> None:
    rows = {"accepted": (1, 1, 0, 0), "refused": (1, 0, 0, 1)}[state]
    names = ("received", "accepted", "quarantined", "rejected")
    ledger.record_result(
        context.engine,
        found.submission_id,
        state=state,
        **{f"{name}_count": rows for name, rows in zip(names, rows, strict=True)},
        is_nil=False,
        file_format="csv",
        layout={},
        staged_sha256="0" * 64,
        findings=findings_table([]),
    )


def _codes(context: Context, found: Submission) -> list[str]:
    table = ledger.findings(context.engine, found.submission_id)
    return [str(code) for code in table["code"].to_pylist()]


def _all(engine: sa.Engine) -> list[sa.RowMapping]:
    with engine.connect() as connection:
        query = sa.select(submissions).order_by(submissions.c.landing_number)
        return list(connection.execute(query).mappings())


def test_nothing_landed(context: Context) -> None:
    assert scan(context) == scanning.ScanResult((), 0)


def test_a_file_is_archived_and_registered_once(context: Context) -> None:
    _put(context, f"daftar_{NIK}.csv", "satu")
    (found,) = scan(context).registered
    assert found.submission_id == "rt_rw-64.02-2026-09-001"
    assert (found.state, found.attempt, found.revision) == ("received", 1, 1)
    assert found.sha256 == hashlib.sha256(b"satu").hexdigest()
    assert found.size_bytes == 4
    assert found.received_at == START
    assert found.file_name == "daftar_XXXXXXXXXXXXXXXX.csv"
    assert context.store.read(found.archive_key) == b"satu"
    assert ledger.get(context.engine, found.submission_id) == found
    assert scan(context) == scanning.ScanResult((), 1)
    assert ledger.pending(context.engine, ["64"]) == [found]
    assert NIK not in str(_all(context.engine))
    assert list(context.settings.work_dir.glob("*")) == []


def test_landing_order_is_receipt_time_then_key(context: Context) -> None:
    _put(context, "a.csv", "terakhir", minutes=9)
    _put(context, "z.csv", "pertama", minutes=1)
    _put(context, "c.csv", "ketiga", minutes=5)
    _put(context, "b.csv", "kedua", minutes=5)
    found = scan(context).registered
    assert [one.file_name for one in found] == ["z.csv", "b.csv", "c.csv", "a.csv"]
    assert [one.revision for one in found] == [1, 2, 3, 4]


def test_the_same_bytes_twice_are_a_duplicate(context: Context) -> None:
    _put(context, "a.csv", "satu")
    (first,) = scan(context).registered
    _accept(context, first)
    _put(context, "b.csv", "satu", minutes=1)
    (again,) = scan(context).registered
    assert _told((again,)) == [("duplicate", None)]
    detail = ledger.details(context.engine, again.submission_id)
    assert detail["duplicate_of"] == first.submission_id
    assert detail["processed_at"] is not None
    counts = ("received", "accepted", "quarantined", "rejected")
    assert [detail[f"{name}_count"] for name in counts] == [0, 0, 0, 0]
    assert ledger.pending(context.engine, ["64"]) == []


def test_the_same_bytes_for_another_slot_are_no_duplicate(context: Context) -> None:
    _put(context, "a.csv", "satu")
    _put(context, "landing/rt_rw/64.02/2026-10/a.csv", "satu")
    _put(context, "landing/rt_rw/64.71/2026-09/a.csv", "satu")
    found = scan(context).registered
    assert _told(found) == [("received", 1)] * 3


def test_an_object_replaced_under_its_key(context: Context) -> None:
    _put(context, "a.csv", "satu")
    scan(context)
    _put(context, "a.csv", "dua", minutes=1)
    assert _told(scan(context).registered) == [("received", 2)]
    # written anew with the bytes it had: nothing is new, and it is read only once
    _put(context, "a.csv", "dua", minutes=2)
    assert scan(context) == scanning.ScanResult((), 1)
    etag = context.store.stat(f"{SLOT}/a.csv").etag
    assert _all(context.engine)[-1]["landing_etag"] == etag


def test_going_back_to_an_older_file(context: Context) -> None:
    _put(context, "a.csv", "satu")
    (first,) = scan(context).registered
    _accept(context, first)
    _put(context, "a.csv", "dua", minutes=1)
    (second,) = scan(context).registered
    # received earlier by its clock, but it landed later
    _put(context, "a.csv", "satu", minutes=-5)
    (third,) = scan(context).registered
    assert _told((second, third)) == [("received", 2), ("received", 3)]
    assert _codes(context, third) == ["RESTORES_REVISION"]
    assert scan(context).registered == ()
    _accept(context, third)
    _accept(context, second)
    assert _codes(context, third) == ["RESTORES_REVISION"]
    month = third.slot.month
    in_force = ledger.in_force(context.engine, "64", month)
    assert [one.submission_id for one in in_force] == [third.submission_id]


def test_a_refused_file_replaces_nothing(context: Context) -> None:
    _put(context, "a.csv", "satu")
    (first,) = scan(context).registered
    _accept(context, first)
    _put(context, "b.csv", "rusak", minutes=1)
    (second,) = scan(context).registered
    _accept(context, second, "refused")
    _put(context, "c.csv", "satu", minutes=2)
    assert _told(scan(context).registered) == [("duplicate", None)]
    (in_force,) = ledger.in_force(context.engine, "64", first.slot.month)
    assert in_force.submission_id == first.submission_id
    # the refused file once more is judged once more
    _put(context, "d.csv", "rusak", minutes=3)
    assert _told(scan(context).registered) == [("received", 3)]


@pytest.mark.parametrize(
    ("key", "code", "submission_id"),
    [
        ("landing/kartu.csv", "LANDING_KEY_INVALID", "tidak_dikenal-00-2026-10-001"),
        ("landing/gaji/64.02/2026-09/x.csv", "DATASET_UNKNOWN",
         "tidak_dikenal-64.02-2026-09-001"),
        ("landing/rt_rw/6402/2026-09/x.csv", "AREA_INVALID", "rt_rw-00-2026-09-001"),
        ("landing/rt_rw/64.99/2026-09/x.csv", "AREA_UNKNOWN",
         "rt_rw-64.99-2026-09-001"),
        ("landing/rt_rw/62.01/2026-09/x.csv", "AREA_NOT_SERVED",
         "rt_rw-62.01-2026-09-001"),
        ("landing/penyebut/64.02/2026-09/x.csv", "SENDER_NOT_ALLOWED",
         "penyebut-64.02-2026-09-001"),
        (f"{SLOT}/a\nb.csv", "LANDING_KEY_INVALID", "rt_rw-64.02-2026-09-001"),
    ],
)  # fmt: skip
def test_no_object_is_passed_over_in_silence(
    context: Context, key: str, code: str, submission_id: str
) -> None:
    path = context.settings.home / "store" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"isi")
    os.utime(path, (START.timestamp(), START.timestamp()))
    _put(context, "landing/rt_rw/64.71/2026-09/baik.csv", "baik", minutes=1)
    refused, good = scan(context).registered
    assert good.state == "received"
    assert (refused.submission_id, refused.state) == (submission_id, "refused")
    assert _codes(context, refused) == [code]
    detail = ledger.details(context.engine, submission_id)
    assert detail["received_count"] == detail["rejected_count"] == 0
    assert detail["processed_at"] is not None
    assert scan(context) == scanning.ScanResult((), 2)
    assert ledger.pending(context.engine, ["64", "00"]) == [good]


def test_names_that_are_no_text(context: Context) -> None:
    folder = context.settings.home / "store" / SLOT
    folder.mkdir(parents=True)
    try:
        (folder / os.fsdecode(b"a\xff\xfe.csv")).write_bytes(b"isi")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (found,) = scan(context).registered
    assert (found.state, found.file_name) == ("received", "a??.csv")
    assert scan(context) == scanning.ScanResult((), 1)


def test_temporary_files_wait_for_their_name(context: Context) -> None:
    for name in ("a.csv.part", ".a.csv", "~$a.xlsx"):
        _put(context, name, "belum")
    assert scan(context) == scanning.ScanResult((), 0)


def test_a_clock_that_is_far_off(context: Context) -> None:
    for number, year in enumerate((1970, 2200)):
        moment = dt.datetime(year, 1, 2, tzinfo=dt.UTC)
        context.store.put(f"landing/{number}.csv", b"1", stored_at=moment)
    months = [str(found.slot.month) for found in scan(context).registered]
    assert months == ["2000-01", "2100-01"]


def test_too_large_a_file_is_not_read(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_BYTES", 3)
    _put(context, "besar.csv", "1234")
    _put(context, "kecil.csv", "123", minutes=1)
    large, small = scan(context).registered
    assert _codes(context, large) == ["FILE_TOO_LARGE"]
    assert (large.state, large.sha256, large.size_bytes) == ("refused", UNREAD, 4)
    assert small.state == "received"
    assert not context.store.exists(large.archive_key)
    assert scan(context) == scanning.ScanResult((), 2)


def test_an_object_that_keeps_changing_is_left_for_the_next_scan(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _put(context, "a.csv", "0")
    _put(context, "b.csv", "tetap")
    numbers = itertools.count(1)
    copy = intake._copy

    def copy_while_it_is_written(source: Path, target: Path) -> str:
        if source.name == "a.csv":
            context.store.put(key, str(next(numbers)).encode())
        return copy(source, target)

    monkeypatch.setattr(intake, "_copy", copy_while_it_is_written)
    result = scan(context)
    assert [found.file_name for found in result.registered] == ["b.csv"]
    assert (result.unchanged_count, result.unread_count) == (0, 1)
    monkeypatch.undo()
    (found,) = scan(context).registered
    assert found.sha256 == hashlib.sha256(b"3").hexdigest()


def test_one_object_that_may_not_be_read_does_not_stop_the_others(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(context, "a.csv", "terkunci")
    _put(context, "b.csv", "terbuka")
    copy = intake._copy

    def locked(source: Path, target: Path) -> str:
        if source.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return copy(source, target)

    monkeypatch.setattr(intake, "_copy", locked)
    result = scan(context)
    assert [found.file_name for found in result.registered] == ["b.csv"]
    assert result.unread_count == 1


def test_an_archive_that_is_full_registers_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(context, "a.csv", "satu")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OperationalError, match="STORE_FAILED"):
            scan(context)
    assert _all(context.engine) == []
    assert _told(scan(context).registered) == [("received", 1)]


def test_scans_at_once_register_everything_once(context: Context) -> None:
    for number in range(40):
        _put(context, f"{number:02}.csv", f"isi {number}", minutes=number)

    def one(_: int) -> int:
        engine = engine_for(context.engine.url.render_as_string(hide_password=False))
        try:
            own = Context(context.settings, open_store(context.settings), engine)
            return len(scan(own).registered)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(one, range(4)))
    assert sorted(counts) == [0, 0, 0, 40]
    rows = _all(context.engine)
    assert [row["revision"] for row in rows] == list(range(1, 41))


_CHILD = """
import os, signal, sys
from pathlib import Path
from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.settings import Settings
from cakupan.core.store import open_store
from cakupan.landing import intake, scan as scanning

home, url, place, count = sys.argv[1:]
settings = Settings(home=Path(home), warehouse_url=url)
calls = iter(range(int(count)))

def dying(work):
    def call(*arguments):
        if next(calls, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*arguments)
    return call

module, name = {
    "copy": (intake, "_copy"),
    "register": (scanning, "_register"),
    "insert": (scanning, "add_entries"),
    "commit": (scanning, "_remember"),
}[place]
setattr(module, name, dying(getattr(module, name)))
scanning.scan(Context(settings, open_store(settings), engine_for(url)))
"""


@pytest.mark.parametrize(
    ("place", "count"),
    [("copy", 0), ("copy", 3), ("register", 0), ("insert", 0), ("commit", 0)],
)
def test_a_killed_scan_leaves_nothing_half_done(
    context: Context, place: str, count: int
) -> None:
    for number in range(6):
        _put(context, f"{number}.csv", f"isi {number % 4}", minutes=number)
    url = context.engine.url.render_as_string(hide_password=False)
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, context.settings.home, url, place, str(count)],
        check=False,
        timeout=120,
    )
    assert child.returncode == -signal.SIGKILL
    assert _all(context.engine) == []
    found = scan(context).registered
    assert [one.revision for one in found] == [1, 2, 3, 4, 5, 6]
    assert [_codes(context, one) for one in found[4:]] == [["RESTORES_REVISION"]] * 2
    archived = [stored.key for stored in context.store.list("archive/")]
    assert len(archived) == 4
    for key in archived:
        assert hashlib.sha256(context.store.read(key)).hexdigest() == key[-64:]


def test_a_flood(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    root = context.settings.home / "store/landing"
    for number in range(4_000):
        folder = root / (
            "rt_rw/64.02/2026-09" if number % 2 else f"sampah/{number % 7}"
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:05}.csv").write_text(str(number // 4))
    found = scan(context).registered
    assert len({one.submission_id for one in found}) == 4_000
    states = Counter(one.state for one in found)
    assert states["refused"] == 2_000
    assert states["received"] + states["duplicate"] == 2_000
    assert scan(context) == scanning.ScanResult((), 4_000)


def test_the_same_story_on_s3(s3_context: Context) -> None:
    context = s3_context
    _put(context, "a.csv", "satu", minutes=5)
    _put(context, "b.csv", "dua", minutes=1)
    _put(context, "landing/kartu.csv", "tiga", minutes=9)
    found = scan(context).registered
    assert [one.file_name for one in found] == ["b.csv", "a.csv", "kartu.csv"]
    assert [one.received_at.minute for one in found] == [1, 5, 9]
    assert _told(found) == [("received", 1), ("received", 2), ("refused", 1)]
    assert scan(context) == scanning.ScanResult((), 3)
    _put(context, "c.csv", "satu", minutes=10)
    _put(context, "b.csv", "empat", minutes=11)
    assert _told(scan(context).registered) == [("duplicate", None), ("received", 3)]
    assert context.store.read(found[0].archive_key) == b"dua"


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    name = "context" if request.param == "folder" else "s3_context"
    context: Context = request.getfixturevalue(name)
    return context.store


def test_submitting_never_replaces(store: ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / f"Daftar {NIK} 2026-09.csv.gz"
    slot = parse_key(f"{SLOT}/x")
    keys = []
    for content in ("satu", "dua", "dua"):
        path.write_text(content)
        keys.append(submit_file(store, path, slot, START))
    stem = f"{SLOT}/Daftar XXXXXXXXXXXXXXXX 2026-09"
    assert keys == [f"{stem}.csv.gz", f"{stem}-2.csv.gz", f"{stem}-3.csv.gz"]
    assert [store.read(key) for key in keys] == [b"satu", b"dua", b"dua"]
    assert store.stat(keys[0]).stored_at == START


def test_submitting_at_once_loses_nothing(store: ObjectStore, tmp_path: Path) -> None:
    slot = parse_key(f"{SLOT}/x")
    paths = [tmp_path / str(number) / "a.csv" for number in range(6)]
    for path in paths:
        path.parent.mkdir()
        path.write_text(path.parent.name)
    with ThreadPoolExecutor(6) as pool:
        keys = list(pool.map(lambda path: submit_file(store, path, slot), paths))
    assert len(set(keys)) == 6
    assert {store.read(key) for key in keys} == {b"0", b"1", b"2", b"3", b"4", b"5"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("tidak_ada.csv", "FILE_NOT_FOUND"), (".", "FILE_NOT_FOUND"),
     ("~$a.xlsx", "FILE_TEMPORARY"), (".a.csv", "FILE_TEMPORARY"),
     ("a.part", "FILE_TEMPORARY")],
)  # fmt: skip
def test_what_cannot_be_submitted(
    context: Context, tmp_path: Path, name: str, code: str
) -> None:
    if code == "FILE_TEMPORARY":
        (tmp_path / name).write_text("1")
    with pytest.raises(UsageError, match=code):
        submit_file(context.store, tmp_path / name, parse_key(f"{SLOT}/x"))


def test_too_large_a_file_is_not_submitted(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit, "MAX_BYTES", 3)
    (tmp_path / "a.csv").write_text("1234")
    with pytest.raises(SubmissionRefused, match="FILE_TOO_LARGE"):
        submit_file(context.store, tmp_path / "a.csv", parse_key(f"{SLOT}/x"))


def test_long_and_strange_names_find_a_place(context: Context, tmp_path: Path) -> None:
    slot = parse_key(f"{SLOT}/x")
    for name in ("é" * 120 + ".xlsx", "a\nb.csv", "tanpa akhiran", "a" * 250):
        path = tmp_path / name
        path.write_text(name)
        key = submit_file(context.store, path, slot)
        assert context.store.read(key) == name.encode()
    assert scan(context).unread_count == 0
    assert {row["state"] for row in _all(context.engine)} == {"received"}
