"""An officer of a regency at work, with mouse or keyboard, on a screen or a phone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.conftest import PATIENCE
from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.store import open_store
from cakupan.runs import ingest
from e2e.lists import VILLAGES, csv_text, people
from pages_site import Site

pytestmark = pytest.mark.slow

MONTH = "2026-09"
NAME = f"rt_rw_64.02_{MONTH}.csv"
HEADER = ("NIK", "Nama", "Tanggal Lahir", "Kode Desa", "Jabatan")
PAGES = (
    "",
    "?area=64.02&segment=BPU",
    "?area=64.02.01",
    "asal?area=64.02&segment=BPU",
    f"pelaporan?month={MONTH}",
    "unggah",
    f"temuan?month={MONTH}",
    "pelepasan",
    "kiriman/pekerja_rentan-64.02-2026-09-001",
    f"tinjauan?month={MONTH}",
    "tidak-ada",
)
LOOKS: dict[str, dict[str, Any]] = {
    "screen": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
}
#: Texts of a drawing that begin before or end behind it.
CUT_LABELS = """[...document.querySelectorAll("svg text")].filter(one => {
  const text = one.getBoundingClientRect();
  const whole = one.ownerSVGElement.getBoundingClientRect();
  return text.left < whole.left - 1 || text.right > whole.right + 1
    || text.top < whole.top - 1 || text.bottom > whole.bottom + 1;
}).map(one => one.textContent)"""

#: Tables that go on to the side, scrolled to their end: what of them is lost then.
LOST = """[...document.querySelectorAll(".wide")].flatMap(wide => {
  if (wide.scrollWidth <= wide.clientWidth) return [];
  wide.scrollLeft = wide.scrollWidth;
  const edge = wide.getBoundingClientRect();
  const lost = [];
  const hint = wide.previousElementSibling;
  if (!hint || !hint.matches(".aside") || !hint.checkVisibility()) lost.push("hint");
  const caption = wide.querySelector("caption");
  const said = caption.getBoundingClientRect();
  if (!caption.matches(".out")
      && (said.left < edge.left - 1 || said.right > edge.right + 1)) lost.push("caption");
  for (const name of wide.querySelectorAll("tbody th, thead tr > :first-child")) {
    const place = name.getBoundingClientRect();
    const back = getComputedStyle(name).backgroundColor;
    if (Math.abs(place.left - edge.left) > 1 || place.width > edge.width / 2
        || /transparent|, 0\\)/.test(back)) lost.push(name.textContent.trim());
  }
  return lost;
})"""


@contextmanager
def visiting(
    chromium: Browser, site: Site, user: str, **look: Any
) -> Iterator[tuple[Page, list[str]]]:
    """A page of a logged-in user, and what the browser complains of."""
    context = chromium.new_context(accept_downloads=True, **look)
    context.add_cookies(
        [{"name": "_token", "value": site.token(user), "url": site.url}]
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(site.url) else complaints.append(asked.url)
        ),
    )
    yield page, complaints
    context.close()


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """Six heads of RT: one NIK is short, one date cannot be read."""
    rows = [
        [one.nik, one.name, one.birth_date, VILLAGES["64.02"], "Ketua RT"]
        for one in people(6)
    ]
    rows[0][0] = rows[0][0][:-1]
    rows[1][2] = "31/02/1980"
    path = tmp_path / NAME
    path.write_text(csv_text(HEADER, rows), "utf-8")
    return path


def corrected(book: bytes) -> bytes:
    """The workbook as an officer sends it back: two cells typed again."""
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    sheet = workbook["Perbaikan"]
    titles = {cell.value: cell.column for cell in sheet[1]}
    truth = people(6)
    sheet.cell(2, titles["NIK"]).value = truth[0].nik
    sheet.cell(3, titles["Tanggal Lahir"]).value = truth[1].birth_date
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def as_the_flow_does(site: Site) -> None:
    """What ``ingest_regency_uploads`` runs every minute."""
    engine = engine_for(site.settings.warehouse_url or "")
    context = Context(site.settings, open_store(site.settings), engine)
    ingest.scan_landing(context)
    for batch in ingest.pending_batches(context):
        ingest.process_batch(context, batch.as_dict())
    engine.dispose()


def cell(page: Page) -> str:
    """State of the list of heads of RT and RW in the matrix."""
    row = page.locator("table.matrix tbody tr", has_text="Kutai Kartanegara")
    titles = page.locator("table.matrix thead th").all_inner_texts()
    place = next(i for i, title in enumerate(titles) if "RT dan RW" in title)
    return row.locator("th, td").nth(place).inner_text()


def test_from_a_dirty_file_to_a_changed_matrix(
    chromium: Browser, site: Site, dirty: Path, tmp_path: Path
) -> None:
    with visiting(chromium, site, "kukar") as (page, complaints):
        page.goto(f"{site.url}/cakupan/pelaporan?month={MONTH}")
        assert "belum ada" in cell(page)

        page.get_by_role("link", name="Unggah").click()
        page.get_by_label(re.compile("^Berkas")).set_input_files(dirty)
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_role("alert")).to_contain_text("2 baris tidak akan dipakai")
        found = page.get_by_role("table")
        expect(found).to_contain_text("NIK_LENGTH")
        expect(found).to_contain_text("DATE_INVALID")

        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh buku perbaikan").click()
        assert download.value.suggested_filename.endswith("_perbaikan.xlsx")
        book = tmp_path / f"rt_rw_64.02_{MONTH}.xlsx"
        book.write_bytes(corrected(Path(download.value.path()).read_bytes()))

        page.get_by_role("link", name="Unggah berkas lain").click()
        page.get_by_label(re.compile("^Berkas")).set_input_files(book)
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_text("Berkas dapat dikirim")).to_be_visible()
        expect(page.get_by_text("6 baris diterima = 6 dipakai")).to_be_visible()
        page.get_by_role("button", name="Kirim").click()
        expect(page.get_by_text("menunggu pencatatan")).to_be_visible()

        as_the_flow_does(site)
        # the page looks again by itself
        expect(page.locator("#stages .done", has_text="Diperiksa")).to_contain_text(
            "diterima"
        )
        page.goto(f"{site.url}/cakupan/pelaporan?month={MONTH}")
        assert "belum ada" not in cell(page)
        assert "6 dari 6 baris" in cell(page)
        assert not complaints


def test_the_keyboard_is_enough(chromium: Browser, site: Site, dirty: Path) -> None:
    with visiting(chromium, site, "kukar") as (page, complaints):
        page.goto(f"{site.url}/cakupan/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()

        page.goto(f"{site.url}/cakupan/unggah")
        tab_to(page, "#dataset")
        page.keyboard.type("Daftar ketua")
        tab_to(page, "#berkas")
        page.locator("#berkas").set_input_files(dirty)
        tab_to(page, "#upload button")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("tidak akan dipakai")
        with page.expect_download():
            tab_to(page, "a.button")
            page.keyboard.press("Enter")
        tab_to(page, "form button")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Berkas sudah dikirim")).to_be_visible()
        assert not complaints


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus, and see that it shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) != "none"
            return
    raise AssertionError(f"{selector} cannot be reached")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("user", ["admin", "kukar"])
def test_pages_fit_and_everybody_can_use_them(
    chromium: Browser, site: Site, user: str, look: str
) -> None:
    with visiting(chromium, site, user, **LOOKS[look]) as (page, complaints):
        for path in PAGES:
            page.goto(f"{site.url}/cakupan/{path}")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, path
            assert page.evaluate(CUT_LABELS) == [], path
            page.evaluate(
                "document.querySelectorAll('details').forEach(one => one.open = true)"
            )
            page.wait_for_timeout(100)
            assert page.evaluate(LOST) == [], path
            found = Axe().run(page).response
            grave = [
                (one["id"], [node["html"] for node in one["nodes"]][:3])
                for one in found["violations"]
                if one["impact"] in {"serious", "critical"}
            ]
            assert not grave, path
            assert len(found["passes"]) > 5
        assert [one for one in complaints if "40" not in one] == []


def test_the_pages_are_in_airflows_own_menu(chromium: Browser, site: Site) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/auth/login")
    page.get_by_label("Username").fill("kukar")
    page.locator("input[type=password]").fill(site.passwords["kukar"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Cakupan").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Kutai Kartanegara")
    frame.get_by_role("link", name="Unggah").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Unggah berkas")
    context.close()
