"""The upload page over HTTP: the answers of ``cakupan check``, and what is refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from cakupan.core.database import engine_for
from cakupan.core.store import open_store
from cakupan.landing.naming import slot_for
from cakupan.quality.summary import summarise
from cakupan.runs.check import checked
from e2e.lists import WORKERS, csv_text, people
from pages_rows import put_submission
from pages_site import Site

NAME = "pekerja_rentan_64.02_2026-09.csv"
FORMULA = '=HYPERLINK("http://x")'
MARKUP = "<script>alert(1)</script>"


def rows(count: int = 6) -> list[list[str]]:
    return [person.as_worker() for person in people(count)]


def clean() -> bytes:
    return csv_text(WORKERS, rows()).encode()


def dirty() -> bytes:
    """A short NIK, a bad date, a formula and markup where a name should be."""
    told = rows()
    told[0][0] = told[0][0][:-1]
    told[1][2] = "31/02/1980"
    told[2][1] = FORMULA
    told[3][1] = MARKUP
    return csv_text(WORKERS, told).encode()


def send(
    site: Site, data: bytes, name: str = NAME, user: str = "kukar", **fields: str
) -> httpx.Response:
    with site.browser(user) as browser:
        return browser.post(
            "/unggah",
            data=fields,
            files={"berkas": (name, data)},
            follow_redirects=True,
        )


def codes(answer: httpx.Response) -> list[str]:
    return re.findall(r"<code>([A-Z0-9_]+)</code>", answer.text)


def landed(site: Site) -> list[str]:
    return [one.key for one in open_store(site.settings).list("landing/")]


def leftovers(site: Site) -> set[Path]:
    folder = site.settings.home / "uploads"
    return set(folder.iterdir()) if folder.exists() else set()


def test_the_page_says_what_the_command_says(site: Site, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(dirty())
    slot = slot_for(path, provinces=("64",))
    answer = send(site, dirty())
    assert answer.status_code == 200, answer.text
    with checked(site.settings, path, slot) as result:
        groups = summarise(result.findings)
        text = unescape(re.sub(r"<[^>]+>", "", answer.text))
        assert codes(answer) == [group.code for group in groups]
        for group in groups:
            assert group.text in text
            assert group.fix in text
        assert (
            f"{result.received_count} baris diterima = {result.accepted_count} dipakai "
            f"+ {result.quarantined_count} dikarantina" in text
        )
        assert result.quarantined_count >= 2


def _bomb() -> bytes:
    packed = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(packed)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(packed) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                data = b"\0" * 200_000_000
            new.writestr(item.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("pekerja_rentan_64.02_2026-09.xlsx", b"PK\x03\x04 not a workbook", "FILE"),
        (NAME, b"a;b;c\n1;2;3\n", "HEADER_NOT_FOUND"),
        ("pekerja_rentan_64.02_2026-09.xlsx", _bomb(), "FILE_BOMB"),
        (NAME, b"", "FILE"),
    ],
    ids=["broken", "columns", "bomb", "empty"],
)
def test_a_wrong_file_gets_the_code_of_the_command(
    site: Site, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with checked(site.settings, path, slot_for(path, provinces=("64",))) as result:
        said = [group.code for group in summarise(result.findings)]
        assert result.state == "refused"
    answer = send(site, data, name)
    assert codes(answer) == said
    assert any(one.startswith(code) for one in said), said
    assert "Berkas ini akan ditolak" in answer.text
    assert "/kirim" not in answer.text


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("daftar.csv", 422, "LANDING_KEY_INVALID"),
        ("pekerja_rentan_64.99_2026-09.csv", 422, "AREA_UNKNOWN"),
        ("pekerja_rentan_65.01_2026-09.csv", 422, "AREA_NOT_SERVED"),
        ("penyebut_64.02_2026-09.csv", 422, "SENDER_NOT_ALLOWED"),
        ("pekerja_rentan_64.01_2026-09.csv", 403, "AREA_NOT_YOURS"),
        ("bpjs_kepesertaan_64.02_2026-09.csv", 403, "DATASET_NOT_YOURS"),
        ("bpjs_klaim_64.02_2026-09.csv", 403, "DATASET_NOT_YOURS"),
        ("~$pekerja_rentan_64.02_2026-09.xlsx", 404, "FILE_TEMPORARY"),
        ("", 422, "FILE_MISSING"),
    ],
)
def test_a_wrong_name_gets_a_coded_answer_and_leaves_nothing(
    site: Site, name: str, status: int, code: str
) -> None:
    send(site, clean())
    before = leftovers(site)
    with site.browser("kukar") as browser:
        if name:
            answer = browser.post("/unggah", files={"berkas": (name, clean())})
        else:
            answer = browser.post(
                "/unggah",
                content=b'--x\r\nContent-Disposition: form-data; name="area"\r\n\r\n'
                b"64.02\r\n--x--\r\n",
                headers={"Content-Type": "multipart/form-data; boundary=x"},
            )
    assert (answer.status_code, code in answer.text) == (status, True), answer.text
    assert leftovers(site) <= before


def test_what_is_chosen_in_the_form_counts(site: Site) -> None:
    answer = send(
        site, clean(), "daftar.csv", dataset="pekerja_rentan", area="64.02",
        month="2026-09",
    )  # fmt: skip
    assert answer.status_code == 200
    assert "Daftar pekerja rentan" in answer.text
    foreign = send(site, clean(), NAME, area="64.71")
    assert foreign.status_code == 403
    assert "AREA_NOT_YOURS" in foreign.text


def test_who_is_measured_is_not_offered_the_datasets_of_others(site: Site) -> None:
    """An extract decides who counts as insured: a regency does not say so of itself."""
    offered = {}
    for user in ("kukar", "admin"):
        with site.browser(user) as browser:
            page = browser.get("/unggah").text
        offered[user] = set(re.findall(r'<option value="([a-z_]+)"', page))
    assert offered["admin"] - offered["kukar"] == {
        "bpjs_kepesertaan", "bpjs_iuran", "bpjs_klaim", "dukcapil_padan", "penyebut",
        "target",
    }  # fmt: skip
    assert {"pekerja_rentan", "anggaran", "csr"} <= offered["kukar"]


def _endless(head: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(4000):
        yield b"x" * 1_000


HEAD = (
    b'--x\r\nContent-Disposition: form-data; name="berkas"; filename="' + NAME.encode()
    + b'"\r\n\r\n'
)  # fmt: skip
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def test_a_large_file_is_refused_while_it_comes(site: Site) -> None:
    """Neither the length it states nor the lack of one lets it in."""
    before = leftovers(site)
    with site.browser("kukar") as browser:
        stated = browser.post("/unggah", files={"berkas": (NAME, b"x" * 1_100_000)})
        streamed: Any = None
        # the server may close the connection before everything was sent
        with suppress(httpx.TransportError):
            streamed = browser.post("/unggah", content=_endless(HEAD), headers=FORM)
    assert stated.status_code == 413
    assert "UPLOAD_TOO_LARGE" in stated.text
    if streamed is not None:
        assert streamed.status_code == 413
    assert leftovers(site) <= before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        HEAD + b"cut off",
        HEAD + b"a\r\n" + HEAD + b"b\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="area"\r\n\r\n' + b"6" * 500
        + b"\r\n--x--\r\n",
        b"--x\r\n" + b"X-Header: " + b"y" * 100_000 + b"\r\n\r\n\r\n--x--\r\n",
    ],
    ids=["empty", "text", "cut", "twice", "field", "header"],
)  # fmt: skip
def test_a_broken_form_is_refused(site: Site, body: bytes) -> None:
    with site.browser("kukar") as browser:
        answer = browser.post("/unggah", content=body, headers=FORM)
        plain = browser.post("/unggah", content=body)
    assert answer.status_code == 422, answer.text
    assert "UPLOAD_BROKEN" in answer.text
    assert plain.status_code == 422


def test_hostile_names_and_cells_are_inert(site: Site) -> None:
    name = f"../../{MARKUP.replace('/', '')}_{NAME}"
    answer = send(
        site, dirty(), name, dataset="pekerja_rentan", area="64.02", month="2026-09"
    )
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    with site.browser("kukar") as browser:
        book = browser.get(f"{answer.url.path.removeprefix('/cakupan')}/perbaikan.xlsx")
    assert book.headers["cache-control"] == "no-store"
    assert "attachment" in book.headers["content-disposition"]
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(book.content))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert FORMULA in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_an_upload_is_its_senders_alone(site: Site) -> None:
    path = send(site, dirty()).url.path.removeprefix("/cakupan")
    for user in ("paser", "admin"):
        with site.browser(user) as browser:
            for end in ("", "/perbaikan.xlsx"):
                answer = browser.get(path + end)
                assert answer.status_code == 404
                assert "UPLOAD_UNKNOWN" in answer.text
            assert browser.post(f"{path}/kirim").status_code == 404


def test_only_a_few_uploads_are_kept(site: Site) -> None:
    first = send(site, clean()).url.path.removeprefix("/cakupan")
    for _ in range(4):
        send(site, clean())
    with site.browser("kukar") as browser:
        assert browser.get(first).status_code == 404


def test_a_file_is_sent_once_and_followed(site: Site) -> None:
    before = landed(site)
    path = send(site, clean()).url.path.removeprefix("/cakupan")
    assert landed(site) == before
    with site.browser("kukar") as browser:
        for _ in range(2):
            answer = browser.post(f"{path}/kirim", follow_redirects=True)
            assert "Berkas sudah dikirim" in answer.text
            assert "menunggu pencatatan" in answer.text
    (key,) = set(landed(site)) - set(before)
    assert key == f"landing/pekerja_rentan/64.02/2026-09/{NAME}"
    assert open_store(site.settings).read(key) == clean()


def test_a_template_is_an_upload_itself(site: Site) -> None:
    with site.browser("kukar") as browser:
        answer = browser.get("/templat/rt_rw.xlsx")
        assert browser.get("/templat/no_such.xlsx").status_code == 404
    nil = send(site, answer.content, "rt_rw_64.02_2026-09.xlsx")
    assert "Berkas dapat dikirim" in nil.text


def test_the_workbook_of_a_sent_file_is_for_who_may_have_its_rows(site: Site) -> None:
    path = "/kiriman/pekerja_rentan-64.02-2026-09-001"
    for user, status in (("kukar", 200), ("sri", 200), ("ana", 403), ("paser", 403)):
        with site.browser(user) as browser:
            assert browser.get(f"{path}/perbaikan.xlsx").status_code == status
    with site.browser("ana") as browser:
        assert "perbaikan.xlsx" not in browser.get(path).text


@pytest.mark.parametrize(
    "dataset", ["bpjs_kepesertaan", "bpjs_iuran", "bpjs_klaim", "dukcapil_padan"]
)
def test_a_regency_gets_no_rows_of_extracts_about_it(site: Site, dataset: str) -> None:
    """They hold people of BPJS and Dukcapil, which the regency never wrote down."""
    engine = engine_for(site.settings.warehouse_url or "")
    with engine.begin() as connection:
        number = put_submission(connection, dataset, "64.02", dt.date(2026, 4, 1))
    engine.dispose()
    page, book = f"/kiriman/{number}", f"/kiriman/{number}/perbaikan.xlsx"
    with site.browser("kukar") as browser:
        refused = browser.get(book)
        assert refused.status_code == 403
        assert "DATASET_NOT_YOURS" in refused.text
        shown = browser.get(page)
        assert shown.status_code == 200
        assert "perbaikan.xlsx" not in shown.text
    for user, status in (("sri", 200), ("admin", 200), ("ana", 403), ("paser", 403)):
        with site.browser(user) as browser:
            assert browser.get(book).status_code == status, user
    with site.browser("sri") as browser:
        assert "perbaikan.xlsx" in browser.get(page).text
