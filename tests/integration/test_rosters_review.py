"""The review queue: who sees it, what is stored, and what the roles may not do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from cakupan.core.area import AreaCode
from cakupan.core.database import engine_for
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.vault import access_log, review_decisions, review_records
from cakupan.core.settings import Settings
from cakupan.local.postgres import role_url
from cakupan.rosters.review import Pair, decide, list_pairs, read_sides
from cakupan.rosters.review_book import SHEET, read_review, write_review
from cakupan.rosters.vault import Steward
from cakupan.runs.decisions import decisions_until
from review_rows import HOSTILE, put_pair

MONTH, NEXT = CoverageMonth(2026, 9), CoverageMonth(2026, 10)
PROVINCE, HERE, ELSEWHERE = AreaCode("64"), AreaCode("64.02"), AreaCode("64.03")
ONE, TWO, FAR = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)


@pytest.fixture
def database(engine: sa.Engine) -> str:
    """Three pairs in two months; one is of another regency."""
    with engine.begin() as connection:
        for month in (MONTH, NEXT):
            for pair_id, area in ((ONE, HERE), (TWO, HERE), (FAR, ELSEWHERE)):
                put_pair(connection, month, pair_id, area)
    return str(engine.url.database)


@pytest.fixture
def steward(server: Settings, database: str) -> Iterator[Steward]:
    """A login that is a steward."""
    found = engine_for(role_url(server, "cakupan_steward", database))
    yield Steward(found)
    found.dispose()


def logged(engine: sa.Engine) -> list[tuple[str, str, int]]:
    query = sa.select(
        access_log.c.role_name, access_log.c.purpose, access_log.c.row_count
    ).order_by(access_log.c.access_id)
    with engine.connect() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def ids(pairs: tuple[Pair, ...]) -> list[uuid.UUID]:
    return [pair.pair_id for pair in pairs]


def test_the_most_likely_first_and_only_of_the_area(steward: Steward) -> None:
    assert ids(list_pairs(steward, MONTH, PROVINCE)) == [FAR, TWO, ONE]
    assert ids(list_pairs(steward, MONTH, HERE)) == [TWO, ONE]
    assert ids(list_pairs(steward, CoverageMonth(2026, 8), HERE)) == []


def test_both_sides_are_read_and_logged(steward: Steward, engine: sa.Engine) -> None:
    sides = read_sides(steward, MONTH, HERE, [ONE], "uji")[ONE]
    assert (sides.listed.name, sides.insured.name) == (HOSTILE, "ORANG CONTOH")
    assert "CONTOH" not in repr(sides)
    assert logged(engine) == [("cakupan_steward", "uji", 2)]


def test_pairs_of_another_area_are_neither_shown_nor_decided(
    steward: Steward, engine: sa.Engine
) -> None:
    for attempt in (
        lambda: read_sides(steward, MONTH, HERE, [FAR], "uji"),
        lambda: decide(steward, MONTH, HERE, {ONE: "same", FAR: "same"}, "Ani"),
    ):
        with pytest.raises(UsageError) as refused:
            attempt()
        assert refused.value.code == "REVIEW_PAIR_UNKNOWN"
    assert logged(engine) == []
    assert decisions_until(engine, "64", MONTH) == ()


def test_a_decision_is_kept_with_who_and_when(
    steward: Steward, engine: sa.Engine
) -> None:
    assert decide(steward, MONTH, HERE, {ONE: "same"}, " Ani  Contoh ") == 1
    (pair,) = list_pairs(steward, MONTH, HERE, only_open=False)[1:]
    assert (pair.decision, pair.decided_by) == ("same", "Ani Contoh")
    assert pair.decided_at is not None
    assert ids(list_pairs(steward, MONTH, HERE)) == [TWO]
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(review_decisions)).mappings()
    assert row["role_name"] == "cakupan_steward"
    assert row["person_id"] == uuid.UUID(int=101)


def test_the_last_word_holds_and_the_same_word_is_not_stored_again(
    steward: Steward, engine: sa.Engine
) -> None:
    stored = [
        decide(steward, MONTH, HERE, {ONE: said}, "Ani")
        for said in ("unsure", "unsure", "same", "different")
    ]
    assert stored == [1, 0, 1, 1]
    (decision,) = decisions_until(engine, "64", MONTH)
    assert decision.decision == "different"


def test_a_decision_reaches_forward_only(steward: Steward, engine: sa.Engine) -> None:
    decide(steward, NEXT, HERE, {ONE: "same"}, "Ani")
    assert decisions_until(engine, "64", MONTH) == ()
    assert [one.decision for one in decisions_until(engine, "64", NEXT)] == ["same"]
    assert decisions_until(engine, "62", NEXT) == ()
    assert ids(list_pairs(steward, MONTH, HERE)) == [TWO, ONE]
    assert ids(list_pairs(steward, NEXT, HERE)) == [TWO]


@pytest.mark.parametrize(
    ("decision", "by", "code"),
    [
        ("maybe", "Ani", "REVIEW_DECISION_UNKNOWN"),
        ("same", "  ", "REVIEW_BY_MISSING"),
        ("same", "x" * 101, "REVIEW_BY_MISSING"),
    ],
)
def test_what_cannot_be_stored(
    steward: Steward, decision: str, by: str, code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        decide(steward, MONTH, HERE, {ONE: decision}, by)
    assert refused.value.code == code


@pytest.mark.parametrize("role", ["cakupan_analyst", "cakupan_report"])
def test_other_roles_see_no_side_and_decide_nothing(
    role: str, server: Settings, database: str, engine: sa.Engine
) -> None:
    other = engine_for(role_url(server, role, database))
    try:
        with other.connect() as connection:
            for table in (review_records, review_decisions):
                with pytest.raises(ProgrammingError), connection.begin():
                    connection.execute(sa.select(table))
        for attempt in (
            lambda: list_pairs(Steward(other), MONTH, HERE),
            lambda: read_sides(Steward(other), MONTH, HERE, [ONE], "uji"),
            lambda: decide(Steward(other), MONTH, HERE, {ONE: "same"}, "Ani"),
        ):
            with pytest.raises(UsageError) as refused:
                attempt()
            assert refused.value.code == "STEWARD_RIGHT_MISSING"
    finally:
        other.dispose()
    assert logged(engine) == []


def test_a_steward_cannot_take_a_decision_back_unseen(steward: Steward) -> None:
    decide(steward, MONTH, HERE, {ONE: "same"}, "Ani")
    with steward.engine.connect() as connection:
        for statement in (
            sa.delete(review_decisions),
            sa.update(review_decisions).values(decision="different"),
        ):
            with pytest.raises(ProgrammingError), connection.begin():
                connection.execute(statement)


@pytest.fixture
def book(steward: Steward, tmp_path: Path) -> Path:
    """The queue as a workbook."""
    pairs = list_pairs(steward, MONTH, HERE)
    people = read_sides(steward, MONTH, HERE, ids(pairs), "uji")
    target = tmp_path / "tinjauan.xlsx"
    write_review(target, tmp_path, MONTH, pairs, people)
    return target


def fill(path: Path, cells: dict[tuple[int, str], Any]) -> Path:
    """Write cells of the sheet, by row and title."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[SHEET]
    titles = {cell.value: cell.column for cell in sheet[1]}
    for (row, title), value in cells.items():
        sheet.cell(row, titles[title], value)
    workbook.save(path)
    return path


def test_a_workbook_comes_back_with_decisions(book: Path) -> None:
    assert oct(book.stat().st_mode & 0o777) == "0o600"
    assert read_review(book) == {}
    fill(book, {(2, "Keputusan"): "Sama ", (3, "Keputusan"): "different"})
    assert read_review(book) == {TWO: "same", ONE: "different"}


def test_a_workbook_says_in_words_what_agrees(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)[SHEET]
    titles = [cell.value for cell in sheet[1]]
    told = dict(zip(titles, [cell.value for cell in sheet[2]], strict=True))
    assert told["Kecocokan"] == "NIK: satu salah ketik"
    assert told["Peluang"].endswith("0,0%")


def test_hostile_names_are_text(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)[SHEET]
    (cell,) = (one for one in sheet[2] if one.value == HOSTILE)
    assert cell.data_type == "s"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({(2, "Keputusan"): "mungkin"}, "REVIEW_ROW_INVALID"),
        ({(2, "Keputusan"): "sama", (2, "Pasangan"): HOSTILE}, "REVIEW_ROW_INVALID"),
        (
            {
                (2, "Keputusan"): "sama",
                (3, "Keputusan"): "beda",
                (3, "Pasangan"): str(TWO),
            },
            "REVIEW_ROW_CHANGED",
        ),
        ({(2, "Keputusan"): "sama", (2, "Nama (BPJS)"): "X"}, "REVIEW_ROW_CHANGED"),
        ({(2, "Keputusan"): "sama", (2, "Tanda"): "x"}, "REVIEW_ROW_CHANGED"),
        ({(1, "Tanda"): "Lain"}, "REVIEW_COLUMNS"),
        ({(1, "Keputusan"): "Lain"}, "REVIEW_COLUMNS"),
    ],
)
def test_a_workbook_that_says_nonsense_is_refused_whole(
    book: Path, cells: dict[tuple[int, str], str], code: str
) -> None:
    with pytest.raises(UsageError) as refused:
        read_review(fill(book, cells))
    assert refused.value.code == code
    assert "calc" not in refused.value.message


def edit(path: Path, change: Callable[[Any], None]) -> Path:
    """Change the sheet as a spreadsheet program would."""
    workbook = openpyxl.load_workbook(path)
    change(workbook[SHEET])
    workbook.save(path)
    return path


def put(cell: Any, value: Any) -> None:
    """A value as it is: openpyxl makes a formula of a text with an equals sign."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def swap(sheet: Any, titles: set[str], *, inside: bool = True) -> None:
    """Exchange two rows, in some columns or in all others."""
    for cell in sheet[1]:
        if (cell.value in titles) == inside:
            one, two = sheet.cell(2, cell.column), sheet.cell(3, cell.column)
            ours, theirs = one.value, two.value
            put(one, theirs)
            put(two, ours)


@pytest.mark.parametrize(
    "titles",
    [{"Pasangan"}, {"Pasangan", "Tanda"}, {"Nama (daftar)", "Peluang"}],
)
def test_a_decision_never_lands_on_another_pair(book: Path, titles: set[str]) -> None:
    fill(book, {(2, "Keputusan"): "sama", (3, "Keputusan"): "beda"})
    edit(book, lambda sheet: swap(sheet, titles))
    with pytest.raises(UsageError) as refused:
        read_review(book)
    assert refused.value.code == "REVIEW_ROW_CHANGED"
    assert "Row 2 " in refused.value.message


def test_whole_rows_may_be_sorted(book: Path) -> None:
    fill(book, {(2, "Keputusan"): "sama", (3, "Keputusan"): "beda"})
    edit(book, lambda sheet: swap(sheet, set(), inside=False))
    assert read_review(book) == {ONE: "different", TWO: "same"}
    sheet = openpyxl.load_workbook(book)[SHEET]
    assert sheet.auto_filter.ref == sheet.dimensions


def test_cells_may_change_their_type_but_not_what_they_say(book: Path) -> None:
    def retype(sheet: Any) -> None:
        titles = {cell.value: cell.column for cell in sheet[1]}
        nik = sheet.cell(2, titles["NIK (BPJS)"])
        born = sheet.cell(2, titles["Tanggal lahir (BPJS)"])
        assert nik.value and born.value
        nik.value, nik.number_format = int(nik.value), "0"
        born.number_format = "General"
        sheet.cell(2, titles["Nama (BPJS)"]).value += " "

    fill(book, {(2, "Keputusan"): "sama"})
    assert read_review(edit(book, retype)) == {TWO: "same"}


def test_the_row_that_is_named_is_the_row_of_the_sheet(book: Path) -> None:
    fill(book, {(3, "Keputusan"): "mungkin"})
    edit(book, lambda sheet: sheet.insert_rows(1))
    with pytest.raises(UsageError) as refused:
        read_review(book)
    assert refused.value.message.startswith("Row 4:")


def test_a_pair_twice_with_two_decisions(book: Path) -> None:
    def copy(sheet: Any) -> None:
        for cell in sheet[2]:
            put(sheet.cell(3, cell.column), cell.value)
        sheet["A2"], sheet["A3"] = "sama", "beda"

    with pytest.raises(UsageError) as refused:
        read_review(edit(book, copy))
    assert refused.value.code == "REVIEW_ROW_INVALID"


def test_a_formula_decides_nothing(book: Path) -> None:
    """It is never evaluated: what nobody's spreadsheet worked out is an empty cell."""
    assert read_review(fill(book, {(2, "Keputusan"): '="sa"&"ma"'})) == {}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 none", b"kolom;lain\n"])
def test_what_is_no_workbook(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_review(path)
    assert refused.value.code == "FILE_UNREADABLE"
