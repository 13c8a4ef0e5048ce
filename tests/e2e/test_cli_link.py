"""`cakupan link` as a person runs it: good files, bad files, two ways to write."""

from __future__ import annotations

import csv
import json
from pathlib import Path

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


def test_where_to_write_must_be_said_and_possible(
    home: Home, files: tuple[Path, Path], tmp_path: Path
) -> None:
    assert "OUT_MISSING" in home.cli("link", *files).err
    done = home.cli("link", *files, "--out", tmp_path / "no" / "folder" / "o.csv")
    assert "FILE_NOT_WRITABLE" in done.err


def test_help_names_the_columns(home: Home) -> None:
    assert "birth_date" in home.cli("link", "--help").ok().out
