"""What the report says: the figures of the marts, what is compared, in what words."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cakupan.core import names
from cakupan.report.build import document_of
from cakupan.report.cells import Cell, derived, points, share
from cakupan.report.coverage import Months
from cakupan.report.document import Document, Table, Tiles
from cakupan.report.facts import KEYS, Facts
from cakupan.report.html import html_bytes
from cakupan.report.known import public_edition
from cakupan.report.overview import since
from cakupan.report.pdf import pdf_bytes
from cakupan.report.regions import share_bars
from cakupan.report.revisions import Revisions
from publish_rows import discrepancy, member, registered
from report_case import HISTORY, document, empty, facts, pdf_text, tables


@pytest.fixture(scope="module")
def public(month: Facts) -> Document:
    return document(month, "public")


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("", "Sejak bulan lalu: 0 orang."),
        ("now", "bulan ini tidak ada daftar dari"),
        ("before", "bulan lalu tidak ada daftar dari"),
    ],
)
def test_a_missing_list_is_no_fall(month: Facts, gone: str, words: str) -> None:
    """Whoever sent no list this month has not lost the protection of last month."""
    group = "pekerja_rentan"
    rows = month.tables["monthly_protection"]
    code = next(
        row["area_code"]
        for row in rows
        if row["worker_group"] == group
        and row["registered_count"] is not None
        and row["area_code"] != "64"
    )

    def seen(is_gone: bool) -> Facts:
        left = tuple(
            {**row, "registered_count": None, "active_count": None}
            if is_gone and (row["area_code"], row["worker_group"]) == (code, group)
            else row
            for row in rows
        )
        return Facts(month.release, {**month.tables, "monthly_protection": left})

    months = Months(seen(gone == "now"), before=seen(gone == "before"))
    for area in ("64", code):
        active = months.now.total(
            "monthly_protection", "active_count", area_code=area, worker_group=group
        )
        said = since(months, active, group, area)
        assert words in said
        assert (names.short_area(code) in said) == bool(gone)


def test_what_follows_from_a_hidden_figure_is_hidden() -> None:
    hidden, seen = Cell(None, "count", is_hidden=True), Cell(8, "count")
    assert share(hidden, seen).is_hidden
    assert share(seen, hidden).is_hidden
    assert share(seen, Cell(None, "count")) == Cell(None, "pct")
    assert share(Cell(1, "count"), seen).value == Decimal("12.50")
    assert share(seen, Cell(0, "count")).value is None
    assert derived(lambda one: one, "count", [hidden]).value is None


def test_figures_are_those_of_the_marts(month: Facts, internal: Document) -> None:
    ranked = tables(internal)["Peringkat BPU"].rows
    shown = {str(row[0]): [cell.value for cell in row[2:5]] for row in ranked}
    published = {
        row["area_code"]: [
            row["active_count"], row["eligible_count"], row["coverage_pct"]
        ]
        for row in month.rows("monthly_coverage", segment="BPU", programme="ANY")
    }  # fmt: skip
    assert shown["Kab. Kutai Kartanegara"] == published["64.02"]
    assert shown["Kota Balikpapan"] == published["64.71"]
    money = {str(row[0]): row for row in tables(internal)["Pendanaan x wilayah"].rows}
    kukar = money["Kab. Kutai Kartanegara"]
    assert [cell.value for cell in kukar[1:4]] == [
        "ada",
        Decimal("8064000.50"),
        Decimal("4032000.25"),
    ]
    assert str(money["Kab. Berau"][1]) == "belum dilaporkan"
    assert {
        str(row[0]): str(row[3]) for row in tables(internal)["Manfaat"].rows[:1]
    } == {"Kalimantan Timur": "Rp43.234.567,89"}


def test_public_edition_shows_no_small_count(public: Document) -> None:
    for _, block in public.blocks():
        if not isinstance(block, Table) or block.sheet in {"Rilis", "Pelaporan"}:
            continue
        for column, one in enumerate(block.columns):
            if one.unit != "count" or one.title in {"Peringkat", "Penyebut, orang"}:
                continue
            for row in block.rows:
                shown = row[column].number
                assert shown is None or shown == 0 or shown >= 10, (block.title, row)


def test_public_edition_hides_the_share_with_the_count(public: Document) -> None:
    ranked = {str(row[0]): row for row in tables(public)["Peringkat BPU"].rows}
    balikpapan = ranked["Kota Balikpapan"]
    assert [str(cell) for cell in balikpapan[1:5]] == ["–", "*", "5", "*"]
    assert "disamarkan" in pdf_text(pdf_bytes(public))


def test_no_chapter_tells_what_another_one_hides(tmp_path: Path) -> None:
    """Registered less protected less not enrolled would be the three who lapsed."""
    states = ["active"] * 45 + ["lapsed"] * 3 + ["not_enrolled"] * 12
    people = list(enumerate(states, 1))
    found = facts(
        tmp_path,
        participation=[
            member(n, "64.02", state) for n, state in people if state != "not_enrolled"
        ],
        registry=[registered(n, "64.02", state) for n, state in people],
        discrepancies=[
            discrepancy(n, "64.02", state) for n, state in people if state != "active"
        ],
    )
    shown = tables(document(found, "public"))
    row = next(
        row for row in shown["Kelompok pekerja"].rows if str(row[0]) == "Pekerja rentan"
    )
    listed, active, _, lapsed, unenrolled, review = row[1:7]
    kinds = {str(row[0]): row[1] for row in shown["Ketidaksesuaian"].rows}
    assert (str(listed), str(lapsed), str(review)) == ("60", "*", "0")
    assert str(kinds[names.DISCREPANCIES["lapsed"]]) == "*"
    known = [str(unenrolled), str(kinds[names.DISCREPANCIES["not_enrolled"]])]
    assert active.is_hidden or "12" not in known


def test_no_budget_is_said_in_a_sentence(month: Facts) -> None:
    tiles = document(month, area="64.71").sections[0].blocks[0]
    assert isinstance(tiles, Tiles)
    money = next(one for one in tiles.tiles if one.label.startswith("Anggaran"))
    assert money.details == ("Anggaran belum dilaporkan; bukan nol.",)


def test_public_claims_hide_their_rupiah(public: Document) -> None:
    found = tables(public)["Manfaat"].rows
    paid = [row for row in found if str(row[2]) != "0"]
    assert len(paid) == 4
    assert {str(cell) for row in paid for cell in row[2:]} == {"*"}


def test_comparison_only_by_one_definition(month: Facts) -> None:
    other = tuple(
        {**row, "definition_id": "lain"} for row in month.tables["monthly_coverage"]
    )
    before = Facts(month.release, {**month.tables, "monthly_coverage": other})
    assert change_of(month, before) == [
        None, None, None, None,
        "Agustus 2026: definisi penyebutnya lain; September 2025: belum ada rilisnya",
    ]  # fmt: skip
    # a denominator of August beside one of February is another series, whatever its name
    of_february = tuple(
        {**row, "denominator_date": dt.date(2026, 2, 28)}
        for row in month.tables["monthly_coverage"]
    )
    before = Facts(month.release, {**month.tables, "monthly_coverage": of_february})
    persons, points, *_, note = change_of(month, before)
    assert (persons, points) == (0, None)
    assert "persen tidak dibandingkan, penyebut Februari dan Agustus" in str(note)
    assert change_of(month, month)[:2] == [0, Decimal("0.00")]


def change_of(month: Facts, before: Facts) -> list[Any]:
    """Since last month: persons and points; since last year: the same; the note."""
    rows = tables(document(month, before=before))["Perubahan"].rows
    bpu = next(row for row in rows if str(row[0]).startswith("BPU"))
    return [cell.value for cell in bpu[1:]]


@pytest.mark.parametrize(
    ("now", "then", "moved"),
    [
        # 67.5050 and 67.5021 percent: rounded by themselves 0.01 apart
        ((22_999, 34_070), (22_998, 34_070), "0.00"),
        ((23_001, 34_070), (22_998, 34_070), "0.01"),
        ((12_342, 25_930), (12_350, 25_930), "-0.03"),
        # the shares as published are 50.00 and 49.99
        ((10_000, 20_001), (9_999, 20_001), "0.00"),
        ((1, 3), (1, 2), "-16.67"),
        ((1, 2), (1, 0), None),
    ],
)
def test_points_are_the_difference_of_the_exact_shares(
    now: tuple[int, int], then: tuple[int, int], moved: str | None
) -> None:
    cells = [Cell(value, "count") for value in (*now, *then)]
    assert points(*cells).value == (moved and Decimal(moved))
    assert points(Cell(None, "count", is_hidden=True), *cells[1:]).is_hidden


def test_the_target_of_all_segments_is_shown_with_their_coverage(month: Facts) -> None:
    """A plan sets its target for all workers: it stands beside the coverage of all."""
    aimed = {"64": Decimal(60), "64.02": Decimal("62.5")}
    every = [
        {
            **row,
            "segment": "ALL",
            "target_pct": aimed.get(row["area_code"]),
            "target_count": None,
        }
        for row in month.rows("monthly_coverage", segment="BPU")
    ]
    kept = [row for row in month.tables["monthly_coverage"] if row["segment"] != "ALL"]
    made = document(
        Facts(month.release, {**month.tables, "monthly_coverage": (*kept, *every)})
    )
    tiles = made.sections[0].blocks[0]
    assert isinstance(tiles, Tiles)
    first = tiles.tiles[0]
    assert first.label == "Cakupan semua segmen"
    assert first.details[-1].startswith("Target 60,00%; tercapai ")
    ranked = tables(made)["Peringkat semua segmen"]
    place = [one.title for one in ranked.columns].index("Target")
    shown = {str(row[0]): str(row[place]) for row in ranked.rows}
    assert shown["Kab. Kutai Kartanegara"] == "62,50%"
    # no column for targets nobody has set
    pu = [one.title for one in tables(made)["Peringkat PU"].columns]
    assert "Target" not in pu


#: A definition of the product; a sender's own is shown as it was sent.
BPJS = "bpjs_potensi"


CODES = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|SHA256SUMS|\bALL\b|\bANY\b|\(\(|\)\)")


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("area", ["64", "64.02", "64.11"])
def test_readers_get_words_for_codes(month: Facts, edition: Any, area: str) -> None:
    known = tuple(
        {**row, "definition_id": row["definition_id"].replace("potensi_bpjs", BPJS)}
        for row in month.tables["monthly_coverage"]
    )
    month = Facts(month.release, {**month.tables, "monthly_coverage": known})
    changed = [
        {
            "area_code": "64.02",
            "table_name": table,
            "cell_key": " / ".join(str(row[name]) for name in KEYS[table]),
            "measure": next(
                name for name in row if name.endswith(("_count", "rupiah"))
            ),
            "before_value": "1",
            "after_value": "2",
        }
        for table, rows in month.tables.items()
        for row in rows[:1]
    ]
    shown = public_edition(month) if edition == "public" else month
    made = document_of(Months(shown), Revisions(HISTORY, changed), area, edition)
    page = re.sub(
        r"<style.*?</style>|<[^>]+>", " ", html_bytes(made).decode(), flags=re.S
    )
    assert not CODES.findall(page)


def test_drafts_and_notes_of_a_decision_stay_in_the_internal_report(
    month: Facts,
) -> None:
    """A note may say what the edition hides, and a rejected draft was never released."""
    base = {**HISTORY[0], "decided_by_name": "Kadis", "files_sha256": "d" * 64}
    history = [
        {**base, "sequence": 1, "approval": "rejected", "decision_note": "RAHASIA"},
        {**base, "sequence": 2, "approval": "approved", "decision_note": "SETUJU"},
    ]
    for edition, area, is_told in (
        ("internal", "64", True), ("public", "64", False), ("internal", "64.02", False)
    ):  # fmt: skip
        shown = public_edition(month) if edition == "public" else month
        made = document_of(Months(shown), Revisions(history), area, edition)  # type: ignore[arg-type]
        said = html_bytes(made).decode()
        assert ("RAHASIA" in said) is is_told, (edition, area)
        assert ("SETUJU" in said) is is_told
        assert "Disetujui Kadis" in said
        assert ("ditolak" in said) is is_told


def test_of_many_regencies_a_chart_shows_the_highest_and_the_lowest(
    tmp_path: Path,
) -> None:
    found = empty(tmp_path, "35")
    blank = found.row("monthly_coverage", area_code="35", segment="BPU")
    assert blank is not None
    rows = tuple(
        {
            **blank,
            "area_code": code,
            "area_level": "regency",
            "segment": "ALL",
            "definition_id": BPJS,
            "active_count": 100 + place,
            "eligible_count": 1000,
            "coverage_pct": Decimal(100 + place) / 10,
            "denominator_date": dt.date(2026, 8, 31),
        }
        for place, code in enumerate(found.regencies)
    )
    many = Facts(found.release, {**found.tables, "monthly_coverage": rows})
    chart = share_bars(many, "ALL")
    assert chart is not None
    assert "5 tertinggi dan 5 terendah" in chart.title
    shown = re.findall(r"(\d+,\d\d)%", chart.svg)
    lowest, highest = [f"{10 + n / 10:.2f}" for n in range(5)], "13.70"
    assert sorted(shown)[:5] == [one.replace(".", ",") for one in lowest]
    assert len(shown) == 10
    assert highest.replace(".", ",") in shown
