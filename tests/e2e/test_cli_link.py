"""`cakupan link` as a person runs it: good files, bad files, two ways to write."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from e2e.home import Home

LEFT = """id,nik,nama,tgl lahir,alamat
a1,6402010101900001,Siti Aminah,01/02/1990,Jl. Mawar 5
a2,,Moh. Djoko Santoso,12-03-1985,Jl. Melati 7
a3,6402010101900009,Budi Hartono,1970-01-01,
-4,6402011203850004,"Rusdi, S.Pd",13/11/1979,Gg. Damai 2
"""
RIGHT = """id;nik;name;birth_date;phone
b1;6402010101900001;Sitti Aminah;1990-02-01;0811
b2;;Muhammad Joko Santoso;1985-03-12;
b3;6402010101900009;Rahmat Hidayat;1999-05-05;
b4;6402011203850004;RUSDI;1979-11-13;
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    left.write_text(LEFT, encoding="utf-8")
    right.write_bytes(RIGHT.encode("utf-16"))
    return left, right


def test_two_files(home: Home, files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "links.csv"
    done = home.cli("link", *files, "--out", out).ok()
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["left_id", "right_id", "probability", "rule"]
    assert [(a, b, rule) for a, b, _, rule in rows[1:]] == [
        ("-4", "b4", "nik_equal"),
        ("a1", "b1", "nik_equal"),
        ("a2", "b2", "probabilistic"),
    ]
    assert all(0.7 <= float(row[2]) <= 1 for row in rows[1:])
    assert "links: 3 (nik_equal 2, probabilistic 1)" in done.err
    assert "one number but two persons: 1" in done.err
    assert "skipped kpj_equal: needs kpj" in done.err
    assert "Aminah" not in done.out + done.err
    assert "6402010101900001" not in done.out + done.err


def test_parquet_evidence_doubtful_and_json(
    home: Home, files: tuple[Path, Path], tmp_path: Path
) -> None:
    out, doubtful = tmp_path / "links.parquet", tmp_path / "doubtful.csv"
    done = home.cli(
        "link", *files, "-o", out, "--evidence", "--doubtful", doubtful, "--json",
        "--threshold", "0.5",
    ).ok()  # fmt: skip
    table = pq.read_table(out)
    assert table.column_names == [
        "left_id", "right_id", "probability", "rule", "evidence",
    ]  # fmt: skip
    report = json.loads(done.out)
    assert report["links"] == {"nik_equal": 2, "probabilistic": 1}
    assert report["conflicts"] == 1
    assert "a3,b3,0.0,nik_conflict" in doubtful.read_text("utf-8")


def test_the_same_bytes_in_any_order(
    home: Home, files: tuple[Path, Path], tmp_path: Path
) -> None:
    left, right = files
    once, again = tmp_path / "1.csv", tmp_path / "2.csv"
    home.cli("link", left, right, "--out", once).ok()
    head, *rows = LEFT.splitlines()
    left.write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")
    home.cli("link", left, right, "--out", again).ok()
    assert once.read_bytes() == again.read_bytes()


def test_duplicates_of_one_file(home: Home, tmp_path: Path) -> None:
    source, out = tmp_path / "people.csv", tmp_path / "twice.csv"
    source.write_text(LEFT + "a9,6402010101900001,SITI AMINAH,1990-02-01,\n")
    home.cli("link", "--dedupe", source, "--out", out).ok()
    assert [line.split(",")[:2] for line in out.read_text().splitlines()[1:]] == [
        ["a1", "a9"]
    ]


def test_no_rows_is_an_empty_result(home: Home, tmp_path: Path) -> None:
    left, right = tmp_path / "l.csv", tmp_path / "r.csv"
    left.write_text("id,name\n")
    right.write_text("id,name\n1,Slamet\n")
    home.cli("link", left, right, "--out", tmp_path / "o.csv").ok()
    assert (tmp_path / "o.csv").read_text() == "left_id,right_id,probability,rule\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["{left}"], "LINK_FILES"),
        (["{left}", "{right}", "--dedupe", "{left}"], "LINK_FILES"),
        (["{left}", "{gone}"], "FILE_NOT_FOUND"),
        (["{left}", "{junk}"], "FILE_UNREADABLE"),
        (["{left}", "{anonymous}"], "ID_MISSING"),
        (["{left}", "{right}", "--threshold", "1.5"], "THRESHOLD_INVALID"),
    ],
)
def test_wrong_usage_is_a_message(
    home: Home, files: tuple[Path, Path], tmp_path: Path, words: list[str], code: str
) -> None:
    (tmp_path / "junk.parquet").write_bytes(bytes(range(256)))
    (tmp_path / "anonymous.csv").write_text("name\nSlamet\n")
    names = {
        "{left}": files[0],
        "{right}": files[1],
        "{gone}": tmp_path / "gone.csv",
        "{junk}": tmp_path / "junk.parquet",
        "{anonymous}": tmp_path / "anonymous.csv",
    }
    given = [names.get(word, word) for word in words]
    done = home.cli("link", *given, "--out", tmp_path / "o.csv")
    assert done.status == 2
    assert code in done.err
    assert "Traceback" not in done.err


def test_where_to_write_must_be_said(home: Home, files: tuple[Path, Path]) -> None:
    assert "OUT_MISSING" in home.cli("link", *files).err


@pytest.mark.parametrize("option", ["--out", "--doubtful"])
@pytest.mark.parametrize("place", ["no/folder/o.csv", "folder", "x" * 300])
def test_where_to_write_is_looked_at_before_the_work(
    home: Home, files: tuple[Path, Path], tmp_path: Path, option: str, place: str
) -> None:
    (tmp_path / "folder").mkdir()
    given = {"--out": tmp_path / "o.csv", option: tmp_path / place}
    words = [word for pair in given.items() for word in pair]
    done = home.cli("link", *files, *words)
    assert (done.status, "FILE_NOT_WRITABLE" in done.err) == (2, True)
    assert "reading" not in done.err
    assert "membaca" not in done.err
    assert not (tmp_path / "o.csv").exists()


def test_no_file_that_is_read_is_written(
    home: Home, files: tuple[Path, Path], tmp_path: Path
) -> None:
    left, right = files
    linked, hard = tmp_path / "linked.csv", tmp_path / "hard.csv"
    linked.symlink_to(left)
    hard.hardlink_to(right)
    before = left.read_bytes(), right.read_bytes()
    for words in (
        ("link", left, right, "--out", left),
        ("link", left, right, "--out", tmp_path / "." / "x" / ".." / "right.csv"),
        ("link", left, right, "--out", linked),
        ("link", left, right, "--out", tmp_path / "o.csv", "--doubtful", hard),
        ("link", "--dedupe", left, "--out", linked),
        ("check", left, "--xlsx", linked),
    ):
        (tmp_path / "x").mkdir(exist_ok=True)
        done = home.cli(*words)
        assert (done.status, "OUT_OVERWRITES" in done.err) == (2, True)
    assert (left.read_bytes(), right.read_bytes()) == before


@pytest.mark.parametrize("is_there", [False, True])
def test_links_and_doubts_are_two_files(
    home: Home, files: tuple[Path, Path], tmp_path: Path, is_there: bool
) -> None:
    out = tmp_path / "o.csv"
    if is_there:
        out.write_text("kept")
    same = tmp_path / "again.csv"
    same.symlink_to(out)
    for doubtful in (out, same):
        done = home.cli("link", *files, "--out", out, "--doubtful", doubtful)
        assert (done.status, "OUT_OVERWRITES" in done.err) == (2, True)
    assert (out.read_text() if is_there else None) == ("kept" if is_there else None)


def test_a_parquet_file_of_pandas_with_a_number_missing(
    home: Home, tmp_path: Path
) -> None:
    names, born = ["Siti Aminah", "Budi"], [dt.datetime(1990, 1, 1), None]
    rows = {"id": [1.0, 2.0], "nik": [6402010101900001.0, None], "name": names}
    rows["birth_date"] = born
    source, out = tmp_path / "l.parquet", tmp_path / "o.csv"
    other = {"id": ["a"], "nik": ["6402010101900001"], "name": names[:1]}
    pq.write_table(pa.table(rows), source)
    pq.write_table(pa.table(other), tmp_path / "r.parquet")
    home.cli("link", source, tmp_path / "r.parquet", "--out", out).ok()
    assert out.read_text().splitlines()[1].startswith("1,a,")


def test_help_names_the_columns(home: Home) -> None:
    assert "birth_date" in home.cli("link", "--help").ok().out
