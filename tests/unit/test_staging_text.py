"""Delimited text: encodings, delimiters, headers, rows that are not data."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cakupan.core.contracts import contract
from cakupan.staging.child import outcome_of
from cakupan.staging.limits import Limits
from cakupan.staging.outcome import Job, Outcome

HEAD = "nik;nama;tanggal_lahir"
ONE = "6402014107850001;CONTOH SATU;01/07/1985"
TWO = "6402014107850002;CONTOH DUA;02/07/1985"
PLAIN = f"{HEAD}\n{ONE}\n{TWO}\n"


def read(
    folder: Path, data: str | bytes, dataset: str = "pekerja_rentan", **limits: Any
) -> tuple[Outcome, list[dict[str, Any]]]:
    source, target = folder / "file", folder / "raw.parquet"
    source.write_bytes(data.encode() if isinstance(data, str) else data)
    target.unlink(missing_ok=True)
    job = Job(source, contract(dataset), target, folder, Limits(**limits))
    outcome = outcome_of(job)
    rows = pq.read_table(target).to_pylist() if target.exists() else []
    return outcome, rows


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def test_rows_keep_their_numbers_and_texts(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, PLAIN)
    assert (outcome.received_count, codes(outcome)) == (2, [])
    assert rows[1] == {
        "source_row": 3,
        "nik": "6402014107850002",
        "nik__kind": "t",
        "nama": "CONTOH DUA",
        "tanggal_lahir": "02/07/1985",
        "tanggal_lahir__kind": "t",
        "row__defect": None,
    }
    assert outcome.layout == {
        "format": "csv",
        "sheet": None,
        "encoding": "utf-8",
        "delimiter": ";",
        "header_row": 1,
        "columns": [
            {"index": 1, "letter": "A", "header": "nik", "name": "nik"},
            {"index": 2, "letter": "B", "header": "nama", "name": "nama"},
            {
                "index": 3,
                "letter": "C",
                "header": "tanggal_lahir",
                "name": "tanggal_lahir",
            },
        ],
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_quote_and_line_end(
    tmp_path: Path, delimiter: str, quote: str, end: str
) -> None:
    lines = [
        delimiter.join(f"{quote}{cell}{quote}" for cell in line.split(";"))
        for line in (HEAD, ONE, TWO)
    ]
    outcome, rows = read(tmp_path, end.join(lines))
    assert codes(outcome) == []
    assert [row["nik"] for row in rows] == ["6402014107850001", "6402014107850002"]
    assert rows[0]["nama"] == "CONTOH SATU"
    assert [row["source_row"] for row in rows] == [2, 3]


@pytest.mark.parametrize(
    "encoding, told, is_assumed",
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8-sig", False),
        ("utf-16", "utf-16", False),
        ("utf-16-le", "utf-16-le", False),
        ("utf-16-be", "utf-16-be", False),
        ("utf-32", "utf-32", False),
        ("cp1252", "cp1252", True),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, told: str, is_assumed: bool) -> None:
    text = PLAIN.replace("CONTOH DUA", "CONTÓH LA’AI")
    outcome, rows = read(tmp_path, text.encode(encoding))
    assert rows[1]["nama"] == "CONTÓH LA’AI"
    assert outcome.layout["encoding"] == told
    assert codes(outcome) == (["ENCODING_ASSUMED"] if is_assumed else [])


def test_bytes_no_encoding_has_are_replaced_not_fatal(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, PLAIN.encode().replace(b"DUA", b"\xe9\x81\xff"))
    assert outcome.received_count == 2
    assert rows[1]["nama"].startswith("CONTOH ")


def test_gzip(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, gzip.compress(PLAIN.encode(), mtime=0))
    assert (outcome.file_format, len(rows)) == ("csv", 2)


def test_nul_bytes_vanish(tmp_path: Path) -> None:
    _, rows = read(tmp_path, PLAIN.replace("CONTOH", "CON\0TOH"))
    assert rows[0]["nama"] == "CONTOH SATU"


def test_line_breaks_and_delimiters_inside_quotes(tmp_path: Path) -> None:
    text = f'{HEAD}\n6402014107850001;"A ""B"";\nC";01/07/1985\n{TWO}\n'
    outcome, rows = read(tmp_path, text)
    assert rows[0]["nama"] == 'A "B";\nC'
    assert [row["source_row"] for row in rows] == [2, 3], "records, as a sheet shows"
    assert codes(outcome) == []


@pytest.mark.parametrize(
    "cut",
    [
        '6402014107850003;"CONTOH;01/07/1985',
        '6402014107850003;CONTOH;"01/07/1985',
        '"6402014107850003;CONTOH;01/07/1985',
    ],
)
@pytest.mark.parametrize("closed", ["", f'{ONE};\n6402014107850004;"LAIN;01/07/1985\n'])
def test_a_quote_nobody_closed_swallows_no_rows(
    tmp_path: Path, cut: str, closed: str
) -> None:
    """Closed by accident rows later, or never: the rows between are lost to readers."""
    outcome, _ = read(tmp_path, f"{PLAIN}{cut}\n{ONE}\n{TWO}\n{closed}{ONE}\n")
    [finding] = outcome.findings
    assert outcome.is_refused
    assert (finding.code, finding.detail) == (
        "FILE_UNREADABLE",
        "tanda kutip tidak berpasangan pada baris 4",
    )


def test_a_closed_quote_may_hold_lines_that_look_like_rows(tmp_path: Path) -> None:
    text = f'{HEAD}\n6402014107850001;"A\nB;C;D\nE";01/07/1985\n{TWO}\n'
    outcome, rows = read(tmp_path, text)
    assert (outcome.received_count, codes(outcome)) == (2, [])
    assert rows[0]["nama"] == "A\nB;C;D\nE"


def test_preamble_header_of_two_rows_and_numbering(tmp_path: Path) -> None:
    text = (
        "PEMERINTAH KABUPATEN CONTOH;;\n"
        "DAFTAR PEKERJA RENTAN, SEPTEMBER 2026;;\n"
        "\n"
        ";NAMA;TANGGAL\n"
        "NO. KTP;LENGKAP;LAHIR\n"
        "(1);(2);(3)\n"
        f"{ONE}\n"
    )
    outcome, rows = read(tmp_path, text)
    assert [row["source_row"] for row in rows] == [7]
    assert rows[0]["nama"] == "CONTOH SATU"
    assert outcome.layout["header_row"] == 5
    [finding] = outcome.findings
    assert (finding.code, finding.row_count) == ("PREAMBLE_SKIPPED", 3)


def test_separator_line_of_excel(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, f"sep=;\n{PLAIN}")
    assert codes(outcome) == ["PREAMBLE_SKIPPED"]
    assert [row["source_row"] for row in rows] == [3, 4]


@pytest.mark.parametrize(
    "title, column",
    [
        ("NIK", "nik"),
        ("N I K", "nik"),
        ("NO. KTP / NIK", "nik"),
        ("No.KTP*", "nik"),
        ("NIK (16 digit)", "nik"),
        ("Nomor Induk Kependudukan (NIK)", "nik"),
        ("ＮＩＫ", "nik"),
        ("Nama_Lengkap", "nama"),
    ],
)
def test_header_aliases(tmp_path: Path, title: str, column: str) -> None:
    other = {"nik": "nama", "nama": "nik"}[column]
    text = f"{title};{other};tgl lahir\n6402014107850001;6402014107850001;1/7/1985\n"
    outcome, _ = read(tmp_path, text)
    assert outcome.layout["columns"][0]["name"] == column


def test_blank_lines_count_as_rows_but_are_not_data(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, f"{HEAD}\n{ONE}\n\n;;\n   ;;\n{TWO}\n\n\n")
    assert outcome.received_count == 2
    assert [row["source_row"] for row in rows] == [2, 6]
    assert codes(outcome) == []


@pytest.mark.parametrize(
    "line, code",
    [
        ("Jumlah;;", "TOTALS_ROW_SKIPPED"),
        ("TOTAL;2;", "TOTALS_ROW_SKIPPED"),
        (";Jumlah Total;2", "TOTALS_ROW_SKIPPED"),
        ("Jumlah", "TOTALS_ROW_SKIPPED"),
        ("nik;nama;tanggal_lahir", "HEADER_REPEATED"),
        ("NO. KTP;NAMA LENGKAP;TGL LAHIR", "HEADER_REPEATED"),
        (";;Samarinda, 1 Oktober 2026", "FOOTER_SKIPPED"),
        ("Mengetahui,;;", "FOOTER_SKIPPED"),
        ("Mengetahui,", "FOOTER_SKIPPED"),
        ("NIP. 19700101 199003 1 001;;", "FOOTER_SKIPPED"),
        ("Keterangan: data sementara", "FOOTER_SKIPPED"),
    ],
)
@pytest.mark.parametrize("is_last", [True, False])
def test_rows_that_are_not_data(
    tmp_path: Path, line: str, code: str, is_last: bool
) -> None:
    lines = [HEAD, ONE, TWO, line] if is_last else [HEAD, ONE, line, TWO]
    outcome, rows = read(tmp_path, "\n".join(lines) + "\n")
    assert outcome.received_count == 2
    [finding] = outcome.findings
    assert (finding.code, finding.row_count) == (code, 1)
    assert finding.detail == f"baris {4 if is_last else 3}"
    assert len(rows) == 2


def test_a_signature_block_goes_on_until_data(tmp_path: Path) -> None:
    block = "Mengetahui,;;\n;;\nCONTOH PEJABAT;;\nPembina Tk. I;;\nNIP 19700101;;\n"
    outcome, _ = read(tmp_path, PLAIN + block)
    assert outcome.received_count == 2
    [finding] = outcome.findings
    assert finding.detail == "baris 4, 6, 7, 8"


@pytest.mark.parametrize(
    "line",
    [
        ";CONTOH TIGA;03/07/1985",
        "6.40E+15;CONTOH TIGA;03/07/1985",
        "belum ada;CONTOH TIGA;03/07/1985",
        ";CONTOH TIGA;",
        "6402014107850003;;",
        ";;03/07/1985",
        "6402014107850003;TOTAL;03/07/1985",
    ],
)
def test_poor_rows_are_data_all_the_same(tmp_path: Path, line: str) -> None:
    outcome, _ = read(tmp_path, f"{PLAIN}{line}\n")
    assert (outcome.received_count, codes(outcome)) == (3, [])


def test_rows_of_wrong_length(tmp_path: Path) -> None:
    text = f"{HEAD}\na;b\n{ONE}\n6402014107850009;x;y;z\n\n{TWO}\nkurang;satu\n"
    outcome, rows = read(tmp_path, text)
    assert outcome.received_count == 5
    ragged = [f.source_row for f in outcome.findings if f.code == "ROW_RAGGED"]
    assert ragged == [2, 4, 7]
    assert [row["source_row"] for row in rows] == [2, 3, 4, 6, 7]
    marks = [row["row__defect"] for row in rows]
    assert marks == ["ROW_RAGGED", None, "ROW_RAGGED", None, "ROW_RAGGED"]
    assert rows[2]["nik"] == "6402014107850009"


def test_only_rows_of_wrong_length(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, f"{HEAD}\na;b\nc;d\n")
    assert (outcome.received_count, len(rows)) == (2, 2)
    assert codes(outcome) == ["ROW_RAGGED"] * 2


def test_mostly_rows_of_wrong_length_is_not_a_table(tmp_path: Path) -> None:
    outcome, _ = read(tmp_path, HEAD + "\n" + "a;b\n" * 30 + ONE + "\n")
    assert (outcome.is_refused, codes(outcome)) == (True, ["FILE_UNREADABLE"])


def test_delimiters_at_the_end_of_every_row(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, f"{HEAD}\n{ONE};;\n{TWO};;\n")
    assert (outcome.received_count, codes(outcome)) == (2, [])
    assert rows[0]["tanggal_lahir"] == "01/07/1985"


def test_numbers_hold_across_blocks(tmp_path: Path) -> None:
    lines, bad = [HEAD], []
    for i in range(2, 150_002):
        if i % 9973 == 0:
            bad.append(i)
            lines.append("a;b")
        elif i % 5000 == 0:
            lines.append("")
        else:
            lines.append(
                f"6402014107{i:06d};CONTOH PANJANG SEKALI NAMANYA {i};01/07/1985"
            )
    outcome, rows = read(tmp_path, "\n".join(lines))
    assert [f.source_row for f in outcome.findings] == bad
    for row in rows:
        if row["row__defect"] is None:
            assert row["nik"].endswith(f"{row['source_row']:06d}")
    assert outcome.received_count == len(rows) == 150_000 - 30


@pytest.mark.parametrize(
    "text",
    ["NIHIL", "nihil\n", '"NIHIL"', ";NIHIL;;", f"{HEAD}\nNIHIL;;\n", HEAD + "\n"],
)
def test_nil_reports(tmp_path: Path, text: str) -> None:
    outcome, _ = read(tmp_path, text)
    assert (outcome.is_nil, outcome.is_refused) == (True, False)
    assert (codes(outcome), outcome.received_count) == (["NIL_REPORT"], 0)


def _gzip(content: bytes) -> bytes:
    """Without the time of packing: the bytes are the id of a test."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "FILE_EMPTY"),
        (b"\xef\xbb\xbf", "FILE_EMPTY"),
        (b" \n\n \r\n", "FILE_EMPTY"),
        (b"\0" * 500, "FILE_EMPTY"),
        (b"\0" * 20_000, "FILE_UNREADABLE"),
        (b"halo\ndunia\n", "HEADER_NOT_FOUND"),
        (b"nama;alamat\na;b\n", "COLUMN_MISSING"),
        (b"<html><table><tr><td>nik</td></tr></table></html>", "FORMAT_NOT_ALLOWED"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "FORMAT_NOT_ALLOWED"),
        (b"MIME-Version: 1.0\nContent-Type: multipart", "FORMAT_NOT_ALLOWED"),
        (b"%PDF-1.7 ...", "FORMAT_NOT_ALLOWED"),
        (b"{\\rtf1}", "FORMAT_NOT_ALLOWED"),
        (bytes(range(1, 32)) * 20, "FILE_UNREADABLE"),
        (_gzip(b"%PDF-1.7 ..."), "FORMAT_NOT_ALLOWED"),
        (_gzip(_gzip(PLAIN.encode())), "FORMAT_NOT_ALLOWED"),
        (_gzip(PLAIN.encode())[:-12], "FILE_UNREADABLE"),
        (b"\x1f\x8b\x08rusak", "FILE_UNREADABLE"),
        (b"PK\x03\x04rusak", "FILE_UNREADABLE"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rusak", "FILE_UNREADABLE"),
        (b"PAR1rusakPAR1", "FORMAT_NOT_ALLOWED"),
    ],
)
def test_refused(tmp_path: Path, data: bytes, code: str) -> None:
    outcome, _ = read(tmp_path, data)
    assert outcome.is_refused
    assert code in codes(outcome)


def test_missing_columns_are_named_and_rows_counted(tmp_path: Path) -> None:
    outcome, _ = read(tmp_path, "nik;alamat\n1;a\n2;b\n")
    told = {(f.code, f.field) for f in outcome.findings}
    assert told == {("COLUMN_MISSING", "nama"), ("COLUMN_MISSING", "tanggal_lahir")}
    assert (outcome.is_refused, outcome.received_count) == (True, 2)


def test_two_columns_for_one_field(tmp_path: Path) -> None:
    outcome, rows = read(tmp_path, "nik;nama;NO KTP;tgl lahir\n1;a;2;b\n")
    [finding] = [f for f in outcome.findings if f.code == "COLUMN_AMBIGUOUS"]
    assert (finding.field, finding.detail) == ("nik", "A, C")
    assert outcome.is_refused
    assert rows[0]["x_3"] == "2"


@pytest.mark.parametrize(
    "titles, missing",
    [
        ("kode_desa", []),
        ("desa;kecamatan", []),
        ("desa", ["kode_desa"]),
        ("kecamatan", ["kode_desa"]),
    ],
)
def test_columns_that_stand_in_for_another(
    tmp_path: Path, titles: str, missing: list[str]
) -> None:
    outcome, _ = read(tmp_path, f"{HEAD};{titles}\n{ONE};a\n", "rt_rw")
    named = [f.field for f in outcome.findings if f.code == "COLUMN_MISSING"]
    assert named == missing


def test_unknown_columns_are_kept_and_ours_ignored(tmp_path: Path) -> None:
    text = f"No;{HEAD};Agama;Kode Temuan;Keterangan;Baris\n1;{ONE};x;y;z;5\n"
    outcome, rows = read(tmp_path, text)
    [finding] = outcome.findings
    assert (finding.code, finding.detail) == ("COLUMN_UNKNOWN", "E")
    assert (rows[0]["x_1"], rows[0]["x_5"], rows[0]["x_6"]) == ("1", "x", "y")


def test_findings_never_quote_a_value(tmp_path: Path) -> None:
    text = f"RAHASIA;;\n{HEAD};RAHASIA\n{ONE};RAHASIA\nJumlah RAHASIA\nRAHASIA;x\n"
    outcome, _ = read(tmp_path, text)
    assert "RAHASIA" not in repr(outcome.findings)
    assert len(codes(outcome)) == 4


def test_sizes_are_bounded(tmp_path: Path) -> None:
    outcome, _ = read(tmp_path, PLAIN, file_bytes=10)
    assert codes(outcome) == ["FILE_TOO_LARGE"]
    bomb = gzip.compress(b"nik;nama\n" + b"0" * 3_000_000, mtime=0)
    outcome, _ = read(tmp_path, bomb, text_bytes=1_000_000)
    assert codes(outcome) == ["FILE_BOMB"]
    outcome, _ = read(tmp_path, bomb, ratio_from=100_000)
    assert codes(outcome) == ["FILE_BOMB"]
    outcome, _ = read(tmp_path, HEAD + ";x" * 2000 + "\n", columns=1000)
    assert codes(outcome) == ["FILE_UNREADABLE"]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + '\n6402014107850001;"' + "x" * 9_000_000,
        HEAD + "\n" + "x" * 20_000_000 + "\n",
        "x" * 20_000_000,
        HEAD + "\n" + '"' * 5001 + ";a;b\n",
        HEAD + '\n"' * 2001,
        ";" * 1_000_000,
        "\n" * 1_000_000 + "x",
        HEAD + "\n" + ";" * 1_000_000 + "\n",
    ],
    ids=range(8),
)
def test_monstrous_lines(tmp_path: Path, text: str) -> None:
    outcome, _ = read(tmp_path, text)
    assert outcome.is_refused or outcome.received_count >= 0
