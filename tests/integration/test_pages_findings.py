"""Temuan over HTTP: what is about a file is counted in files, not in rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cakupan.core.database import engine_for
from pages_rows import put_finding, put_submission
from pages_site import Site

MONTH = dt.date(2026, 2, 1)
REFUSED = {"state": "refused", "accepted_count": 0, "rejected_count": 10}


@pytest.fixture(scope="module")
def engine(site: Site) -> Iterator[sa.Engine]:
    """The warehouse behind the site; two files lack columns, one has wrong rows."""
    engine = engine_for(site.settings.warehouse_url or "")
    with engine.begin() as connection:
        for area, fields in (("64.01", ["nik"]), ("64.02", ["nik", "nama"])):
            number = put_submission(connection, "rt_rw", area, MONTH, **REFUSED)
            for field in fields:
                put_finding(connection, number, "COLUMN_MISSING", field=field)
        number = put_submission(connection, "non_asn", "64.02", MONTH)
        for row in range(2, 5):
            put_finding(connection, number, "NIK_LENGTH", field="nik", source_row=row)
    yield engine
    engine.dispose()


def lines(text: str) -> list[list[str]]:
    """Cells of the rows of the first table."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.split(r"</t[hd]>", row)[:-1]
        ]
        for row in body.split("</tr>")[:-1]
    ]


def test_a_finding_about_a_file_is_counted_in_files(
    site: Site, engine: sa.Engine
) -> None:
    with site.browser("ana") as browser:
        text = browser.get("/temuan", params={"month": "2026-02"}).text
    found = lines(text)
    assert found == [
        ["Kolom wajib tidak ada COLUMN_MISSING", "nik", "✗ wajib diperbaiki",
         "2 berkas", "1 berkas", "1 berkas"],
        ["Kolom wajib tidak ada COLUMN_MISSING", "nama", "✗ wajib diperbaiki",
         "1 berkas", "", "1 berkas"],
        ["NIK tidak 16 angka NIK_LENGTH", "nik", "✗ wajib diperbaiki",
         "3 baris", "", "3 baris"],
    ]  # fmt: skip
    assert "0 baris: temuan tentang berkas" not in text


def test_a_sent_file_says_berkas_where_all_of_it_is_meant(
    site: Site, engine: sa.Engine
) -> None:
    with site.browser("kukar") as browser:
        refused = browser.get("/kiriman/rt_rw-64.02-2026-02-001").text
        rows = browser.get("/kiriman/non_asn-64.02-2026-02-001").text
    counted = [line for line in lines(refused) if len(line) > 1]
    assert [line[2:] for line in counted] == [["nama", "berkas"], ["nik", "berkas"]]
    (line,) = [line for line in lines(rows) if len(line) > 1]
    assert line[2:] == ["nik", "3 baris 2, 3, 4"]


def test_an_upload_without_a_column_names_it(site: Site) -> None:
    name = "rt_rw_64.02_2026-09.csv"
    data = b"NIK;Nama;Jabatan\n6402014107850001;SITI;Ketua RT\n"
    with site.browser("kukar") as browser:
        text = browser.post(
            "/unggah", files={"berkas": (name, data)}, follow_redirects=True
        ).text
    assert "COLUMN_MISSING" in text
    missing = [line for line in lines(text) if "COLUMN_MISSING" in line[0]]
    assert missing
    for line in missing:
        assert line[2]
        assert line[3] == "berkas"
