"""Which column is which field, and reading person files."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cakupan.core.errors import UsageError
from cakupan.matching.columns import layout
from cakupan.matching.read import people_table, read_people


def test_canonical_names_go_before_aliases() -> None:
    found = layout(["ID", "nama", "Name", "Tgl. Lahir", "kode pos", "hobi"])
    assert found.columns["id"] == ("ID",)
    assert found.columns["name"] == ("Name",)
    assert found.columns["birth_date"] == ("Tgl. Lahir",)
    assert found.columns["village_code"] == ("kode pos",)
    assert found.unused == ("nama", "hobi")


def test_parts_of_a_name_and_of_a_date() -> None:
    table, found = people_table(
        pa.table(
            {
                "rec_id": ["1", "2", "3"],
                "surname": ["Neumann", "Painter", None],
                "given_name": ["Michaela", None, None],
                "by": [1915, 1916, None],
                "bm": [11, None, None],
                "bd": [7, None, None],
                "street_number": ["8", "4", None],
                "address_1": ["Stanley Street", None, None],
                "suburb": ["Bega", "Bega", None],
                "postcode": ["4223", "4066", None],
            }
        )
    )
    assert found.unused == ()
    assert table.column("name").to_pylist() == ["Michaela Neumann", "Painter", None]
    assert table.column("birth_date").to_pylist() == ["1915-11-7", "1916", None]
    assert table.column("address").to_pylist() == [
        "8 Stanley Street Bega",
        "4 Bega",
        None,
    ]
    assert table.column("village_code").to_pylist() == ["4223", "4066", None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["id", "nama", "alamat"], ["1", "José", '"Jl. A, no; 1"'], ["2", "", "x"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode(encoding))
    table, _ = read_people(path)
    assert table.to_pylist() == [
        {"id": "1", "name": "José", "address": "Jl. A, no; 1"},
        {"id": "2", "name": None, "address": "x"},
    ]


def test_gzip_and_parquet(tmp_path: Path) -> None:
    packed = tmp_path / "people.csv.gz"
    packed.write_bytes(gzip.compress(b"id,name\n1,Slamet\n"))
    assert read_people(packed)[0].num_rows == 1
    typed = tmp_path / "people.parquet"
    pq.write_table(
        pa.table(
            {
                "id": [1, 2],
                "birth_date": [dt.date(1980, 5, 6), None],
                "nik": pa.array([b"6402", None], pa.binary()),
                "sex": pa.array(["M", "F"]).dictionary_encode(),
            }
        ),
        typed,
    )
    assert read_people(typed)[0].to_pylist() == [
        {"id": "1", "nik": "6402", "birth_date": "1980-05-06", "sex": "M"},
        {"id": "2", "nik": None, "birth_date": None, "sex": "F"},
    ]


def test_whole_numbers_of_any_type_are_their_digits() -> None:
    table, _ = people_table(
        pa.table(
            {
                "id": [1.0, 2.0, 3.0, 4.0],
                "nik": [6402010101900001.0, None, 9007199254740992.0, float("nan")],
                "kpj": pa.array([Decimal(12), Decimal("1.50"), None, None]),
                "phone": pa.array([81234568.0, 16777215.0, 0.5, None], pa.float32()),
                "village_code": [6402011001, None, 1, 2],
                "address": [1.5, 2.0, None, None],
            }
        )
    )
    assert table.column("id").to_pylist() == ["1", "2", "3", "4"]
    assert table.column("nik").to_pylist() == [
        "6402010101900001", None, "9.007199E+15", None,
    ]  # fmt: skip
    assert table.column("kpj").to_pylist() == ["12", "1.50", None, None]
    # 32 bits hold no number of eight digits
    assert table.column("phone").to_pylist()[:2] == ["8.123457E+07", "16777215"]
    assert table.column("village_code").to_pylist()[0] == "6402011001"
    assert table.column("address").to_pylist()[:2] == ["1.5", "2"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_any_system_and_empty_ones_on_top(tmp_path: Path, end: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(end.join(["", "id,name", "1,Slamet", ""]).encode())
    assert read_people(path)[0].to_pylist() == [{"id": "1", "name": "Slamet"}]


def test_a_parquet_file_under_another_name(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    pq.write_table(pa.table({"id": ["1"], "name": ["Slamet"]}), path)
    assert read_people(path)[0].num_rows == 1


LONG = "x" * 200_000


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("a.csv", b"", "FILE_UNREADABLE", "is empty"),
        ("a.csv", b"\n \n", "FILE_UNREADABLE", "is empty"),
        ("a.csv", b"name,nik\nA,1\n", "ID_MISSING", "no column id"),
        ("a.csv", b"id,hobby\n1,chess\n", "NOTHING_TO_COMPARE", "none of"),
        (
            "a.csv",
            b"\nid,name\n1,A\n2,Rahasia, S.Pd\n",
            "FILE_UNREADABLE",
            "line 4 has 3 values, the header has 2",
        ),
        ("a.csv", b"id,name\n1\n", "FILE_UNREADABLE", "line 2 has 1 value, the header"),
        (
            "a.csv",
            b'id,name,sex\n1,"Rahasia,L\n2,B,L\n3,"C",L\n',
            "FILE_UNREADABLE",
            "a quotation mark opened in line 2 is not closed",
        ),
        (
            "a.csv",
            b'id,name\n1,"Rahasia\n2,B\n',
            "FILE_UNREADABLE",
            "a quotation mark opened in line 2 is not closed",
        ),
        (
            "a.csv",
            f'id,name,sex\n1,"{LONG},L\n2,B\n'.encode(),
            "FILE_UNREADABLE",
            "line 2 begins a value of more than 131072 characters",
        ),
        ("a.csv", b"\x1f\x8b broken", "FILE_UNREADABLE", "gzip"),
        ("a.csv", b"id,name\n1,\0\0Rahasia", "FILE_UNREADABLE", "no text"),
        ("a.xlsx", b"PK\x03\x04 any", "FILE_UNREADABLE", "workbook"),
        ("a.parquet", b"PK\x03\x04 any", "FILE_UNREADABLE", "workbook"),
        ("a.csv", b"\xd0\xcf\x11\xe0 any", "FILE_UNREADABLE", "workbook"),
        ("a.parquet", b"id,name\n1,A\n", "FILE_UNREADABLE", "is no Parquet file"),
        ("a.parquet", b"PAR1 cut off", "FILE_UNREADABLE", "damaged Parquet"),
        ("a.csv", b"id,nik,NIK\n1,,2\n", "COLUMN_TWICE", "column nik 2 times"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, name: str, content: bytes, code: str, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_people(path)
    assert (caught.value.code, says in caught.value.message) == (code, True)
    assert caught.value.hint
    assert "Rahasia" not in str(caught.value)


def test_a_limit_others_set_for_values_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f'id,name,sex\n1,"{LONG},L\n2,B\n')
    before = csv.field_size_limit(10**9)
    try:
        with pytest.raises(UsageError, match="more than 131072 characters"):
            read_people(path)
    finally:
        csv.field_size_limit(before)


def test_columns_nobody_reads_may_stand_twice(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"id,name,note,note,,\n1,Slamet,a,b,c,d\n")
    assert read_people(path)[0].to_pylist() == [{"id": "1", "name": "Slamet"}]


def test_no_such_file_shows_no_number(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_people(tmp_path / "6402010101900001.csv")
    assert caught.value.code == "FILE_NOT_FOUND"
    assert "6402010101900001" not in caught.value.message
