"""Which column is which field, and reading person files."""

from __future__ import annotations

import datetime as dt
import gzip
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


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_UNREADABLE"),
        (b"name,nik\nA,1\n", "ID_MISSING"),
        (b"id,hobby\n1,chess\n", "NOTHING_TO_COMPARE"),
        (b"id,name\n1,A,extra,cells\n", "FILE_UNREADABLE"),
        (b"\x1f\x8b broken", "FILE_UNREADABLE"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_people(path)
    assert caught.value.code == code


def test_no_such_file_shows_no_number(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_people(tmp_path / "6402010101900001.csv")
    assert caught.value.code == "FILE_NOT_FOUND"
    assert "6402010101900001" not in caught.value.message
