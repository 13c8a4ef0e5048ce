"""Whatever is wrong from outside is a message with a code, never a traceback."""

from __future__ import annotations

import gzip
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from e2e.home import KEY, Done, Home
from e2e.lists import WORKERS, csv_text, people, write_csv

pytestmark = pytest.mark.slow

SLOT = ("-d", "pekerja_rentan", "-a", "64.02", "-m", "2026-09")
CODE = re.compile(r"^([A-Z][A-Z0-9_]+): ", re.MULTILINE)
JUNK = bytes((number * 7919) % 256 for number in range(5000))


def _failed(done: Done, status: int, code: str = "") -> None:
    said = done.out + done.err
    assert done.status == status, said
    assert "Traceback" not in said
    assert "INTERNAL_ERROR" not in said
    assert "\x1b" not in said
    if code:
        assert code in said


@pytest.fixture(scope="module")
def home(new_home: Callable[..., Home]) -> Home:
    return new_home()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    rows = [one.as_worker() for one in people(3)]
    return write_csv(tmp_path / "pekerja_rentan_64.02_2026-09.csv", WORKERS, rows)


# --- 2: wrong usage -------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["--nonsense"],
        ["check"],
        ["submit"],
        ["run", "--month", "2026-13"],
        ["run", "--month", "September"],
        ["run", "--stage", "publishing"],
        ["status", "--month", "2026"],
        ["coverage"],
        ["coverage", "--month", "2026-9"],
        ["coverage", "--month", "2026-09"],
        ["coverage", "--month", "2026-09", "--level", "planet"],
        ["explain", "--month", "2026-09", "--area", "64.02"],
        ["explain", "--month", "2026-09", "--area", "'; drop table"],
        ["export", "--month", "2026-09", "--to", "/proc/nowhere"],
        ["export", "--month", "yesterday", "--to", "."],
        ["findings", "pekerja_rentan-64.02-2026-09-999"],
        ["findings", "no such thing"],
        ["template", "gaji_presiden"],
        ["template", "../../etc/passwd"],
        ["template", "pekerja_rentan", "--out", "/proc/nowhere/x.xlsx"],
        ["sql", "selec 1"],
        ["sql", "select 1", "--csv", "/proc/nowhere/x.csv"],
        ["demo", "--months", "0"],
        ["demo", "--scale", "many"],
    ],
    ids=" ".join,
)
def test_wrong_usage(home: Home, words: list[str]) -> None:
    _failed(home.cli(*words), 2)


def test_help_of_everything(home: Home) -> None:
    commands = (
        "init", "template", "check", "submit", "run", "status", "findings",
        "coverage", "explain", "sql", "export", "demo", "up", "down",
    )  # fmt: skip
    whole = home.cli("--help").ok().out
    for command in commands:
        assert command in whole
        assert "Usage" in home.cli(command, "--help").ok().out


@pytest.mark.parametrize("command", ["check", "submit"])
def test_no_such_file(home: Home, tmp_path: Path, command: str) -> None:
    _failed(home.cli(command, tmp_path / "none.csv", *SLOT), 2, "FILE_NOT_FOUND")
    _failed(home.cli(command, tmp_path, *SLOT), 2, "FILE_NOT_FOUND")
    _failed(home.cli(command, "x" * 5000, *SLOT), 2)
    _failed(home.cli(command, "/dev/null", *SLOT), 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("command", ["check", "submit"])
def test_file_of_somebody_else(home: Home, good: Path, command: str) -> None:
    good.chmod(0)
    _failed(home.cli(command, good), 2)


# --- 3: the file is refused -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-d", "gaji", "-a", "64.02", "-m", "2026-09"], "DATASET_UNKNOWN"),
        (["-d", "pekerja_rentan", "-a", "64.99", "-m", "2026-09"], "AREA_UNKNOWN"),
        (["-d", "pekerja_rentan", "-a", "31.71", "-m", "2026-09"], "AREA_NOT_SERVED"),
        (["-d", "bpjs_kepesertaan", "-a", "64.02.01", "-m", "2026-09"], "SENDER"),
        (["-d", "pekerja_rentan", "-a", "64.02", "-m", "2026-13"], ""),
        (["-d", "pekerja_rentan", "-a", "64.02"], "LANDING_KEY_INVALID"),
        ([], "LANDING_KEY_INVALID"),
    ],
)
@pytest.mark.parametrize("command", ["check", "submit"])
def test_what_it_is_about_must_be_told(
    home: Home, tmp_path: Path, command: str, words: list[str], code: str
) -> None:
    rows = [one.as_worker() for one in people(3)]
    path = write_csv(tmp_path / "daftar.csv", WORKERS, rows)
    done = home.cli(command, path, *words)
    assert done.status in {2, 3}
    _failed(done, done.status, code)


def _zip_of(name: str, content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)

    return write


HOSTILE: dict[str, tuple[str, bytes | Callable[[Path], None]]] = {
    "empty": ("x.csv", b""),
    "junk csv": ("x.csv", JUNK),
    "junk xlsx": ("x.xlsx", b"PK\x03\x04" + JUNK),
    "junk xls": ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + JUNK),
    "junk ods": ("x.ods", JUNK),
    "junk gzip": ("x.csv.gz", b"\x1f\x8b\x08" + JUNK),
    "cut gzip": ("x.csv.gz", gzip.compress(csv_text(WORKERS, []).encode() * 99)[:-20]),
    "zip of nothing": ("x.xlsx", _zip_of("notes.txt", b"hello")),
    "zip bomb": ("x.xlsx", _zip_of("xl/workbook.xml", b"\0" * (300 << 20))),
    "gzip bomb": ("x.csv.gz", gzip.compress(b"a,b,c\n" * (60 << 20), 1)),
    "parquet for a list": ("x.parquet", b"PAR1" + JUNK + b"PAR1"),
    "a picture": ("x.csv", b"\x89PNG\r\n\x1a\n" + JUNK),
    "a letter": ("x.csv", b"Yth. Kepala Dinas\n\nTerlampir daftar.\n"),
    "no header": (
        "x.csv",
        csv_text(people(1)[0].as_worker(), [people(2)[1].as_worker()]).encode(),
    ),
    "two columns for one field": (
        "x.csv",
        csv_text((*WORKERS, "No KTP"), [[*people(1)[0].as_worker(), "1"]]).encode(),
    ),
    "utf-16 without anything": ("x.csv", "\ufeff".encode("utf-16-le")),
    "nulls": ("x.csv", b"\0" * 10_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused(home: Home, tmp_path: Path, kind: str) -> None:
    name, content = HOSTILE[kind]
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    done = home.cli("check", path, *SLOT, "--json")
    _failed(done, 3)
    told = done.json
    assert told["state"] == "refused"
    assert told["accepted_count"] == told["quarantined_count"] == 0
    critical = [one for one in told["findings"] if one["severity"] == "critical"]
    assert critical
    assert all(one["text"] and one["fix"] for one in critical)


def test_refused_file_goes_with_others_that_land(
    home: Home, good: Path, tmp_path: Path
) -> None:
    other = tmp_path / "gaji_64.02_2026-09.csv"
    other.write_bytes(good.read_bytes())
    done = home.cli("submit", other, good, "--json")
    assert done.status == 3
    states = {one["file"]: one["state"] for one in done.json}
    assert states[good.name] == "landed"
    assert states[other.name].startswith("DATASET_UNKNOWN")


def test_missing_file_does_not_hold_up_the_others(
    home: Home, good: Path, tmp_path: Path
) -> None:
    """Told as wrong usage, and what could be sent was sent."""
    done = home.cli("submit", good, tmp_path / "rt_rw_64.02_2026-09.csv", "--json")
    _failed(done, 2, "FILE_NOT_FOUND")


# --- 5 and 6: configuration, and systems outside ----------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("CAKUPAN_TIMEZONE", "Asia/Tenggarong", "TIMEZONE_INVALID"),
        ("CAKUPAN_TIMEZONE", "../../etc/passwd", "TIMEZONE_INVALID"),
        ("CAKUPAN_PROVINCES", "kaltim", "PROVINCES_INVALID"),
        ("CAKUPAN_PROVINCES", "64,99", "PROVINCES_INVALID"),
        ("CAKUPAN_ENGINE", "pandas", "ENGINE_INVALID"),
        ("CAKUPAN_SPARK_MASTER", "hadoop", "SPARK_MASTER_INVALID"),
        ("CAKUPAN_SPARK_CONF", "executor.memory=4g", "SPARK_CONF_INVALID"),
        ("CAKUPAN_SPARK_FILE_ROWS", "1e6", "SPARK_FILE_ROWS_INVALID"),
        ("CAKUPAN_OBJECT_STORE", "ftp://x", "STORE_INVALID"),
        ("CAKUPAN_THREADS", "zero", "THREADS_INVALID"),
        ("CAKUPAN_WAREHOUSE_URL", "not a url", ""),
        ("CAKUPAN_WAREHOUSE_URL", "mysql://x/y", ""),
        ("CAKUPAN_WAREHOUSE_URL", "nonsense+driver://x/y", ""),
        ("CAKUPAN_MEMORY_LIMIT", "lots", ""),
    ],
)
def test_wrong_setting(
    home: Home, good: Path, name: str, value: str, code: str
) -> None:
    home.cli("submit", good)
    _failed(home.told(**{name: value}).cli("run"), 5, code)


def test_short_person_key(home: Home) -> None:
    _failed(home.told(CAKUPAN_PERSON_KEY="rahasia").cli("init"), 5, "PERSON_KEY")


@pytest.mark.parametrize("command", ["run", "status", "init"])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:rahasia@127.0.0.1:1/x?connect_timeout=3",
        "postgresql://u:rahasia@nowhere.invalid/x?connect_timeout=3",
        "postgresql+psycopg://u:rahasia@/x?host=/nowhere",
    ],
)
def test_warehouse_is_away(home: Home, command: str, url: str) -> None:
    done = home.told(CAKUPAN_WAREHOUSE_URL=url).cli(command)
    _failed(done, 6)
    assert "rahasia" not in done.out + done.err


def test_spark_master_is_away(home: Home, good: Path) -> None:
    home.cli("submit", good)
    told = home.told(CAKUPAN_ENGINE="spark", CAKUPAN_SPARK_MASTER="spark://127.0.0.1:9")
    _failed(told.cli("run"), 6, "SPARK_UNREACHABLE")


@pytest.mark.parametrize("command", ["run", "submit"])
def test_store_is_away(home: Home, good: Path, command: str) -> None:
    told = home.told(
        CAKUPAN_OBJECT_STORE="s3://bucket/x",
        AWS_ENDPOINT_URL="http://127.0.0.1:1",
        AWS_ACCESS_KEY_ID="x",
        AWS_SECRET_ACCESS_KEY="rahasia",
        AWS_DEFAULT_REGION="us-east-1",
    )
    done = told.cli(command, *([good] if command == "submit" else []))
    _failed(done, 6)
    assert "rahasia" not in done.out + done.err


def test_s3_without_credentials(home: Home, good: Path) -> None:
    told = home.told(
        CAKUPAN_OBJECT_STORE="s3://bucket/x",
        AWS_ENDPOINT_URL="http://127.0.0.1:1",
        AWS_EC2_METADATA_DISABLED="true",
    )
    done = told.cli("submit", good)
    assert done.status in {5, 6}
    _failed(done, done.status)


def test_home_cannot_be_written(home: Home, tmp_path: Path) -> None:
    """A file stands where the folder should be: root may not write there either."""
    blocked = tmp_path / "file"
    blocked.write_text("x")
    done = replace(
        home, folder=blocked / "home", variables={"CAKUPAN_PERSON_KEY": KEY}
    ).cli("init")
    assert done.status in {5, 6}
    _failed(done, done.status)


def test_warehouse_without_schema(home: Home, server: object) -> None:
    url = home.variables["CAKUPAN_WAREHOUSE_URL"]
    empty = re.sub(r"/home_\d+\?", "/airflow?", url)
    done = home.told(CAKUPAN_WAREHOUSE_URL=empty).cli("status")
    assert done.status in {5, 6}
    _failed(done, done.status)


# --- a bare machine ---------------------------------------------------------------------


def test_init_twice_then_a_month_on_the_embedded_database(
    tmp_path: Path, good: Path
) -> None:
    """As processes of their own, with nothing set but the home."""
    home = Home(tmp_path / "home", {"CAKUPAN_PERSON_KEY": ""})
    first = home.shell("init").ok()
    assert "secrets/person_key" in first.err
    kept = (home.folder / "secrets" / "person_key").read_bytes()
    again = home.shell("init").ok()
    assert "Siap." in again.err
    assert (home.folder / "secrets" / "person_key").read_bytes() == kept
    home.shell("submit", good).ok()
    ran = home.shell("run").ok()
    for text in (ran.out, ran.err):
        assert "\x1b" not in text
    told = home.cli("status", "--json").ok().json
    assert told["submissions"][0]["accepted_count"] == 3
    assert home.cli("sql", "select count(*) from mart.monthly_coverage").ok()
    assert home.cli("sql", "select * from vault.identities").status == 2
    assert home.cli("run").ok().err.strip().endswith("Tidak ada yang baru.")
    home.cli("down").ok()
    assert not list((home.folder / "postgres").rglob("postmaster.pid"))
