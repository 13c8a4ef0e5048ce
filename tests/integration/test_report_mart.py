"""The report against a real warehouse: what the PDF says is what ``mart`` says."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

from cakupan.core import areas, names
from cakupan.core.area import AreaCode
from cakupan.core.context import Context
from cakupan.core.errors import UsageError
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.publish.approval import settle
from cakupan.publish.reading import current_release, release_of
from cakupan.report.build import build_report
from cakupan.report.cells import number
from cakupan.report.pdf import pdf_bytes
from cakupan.report.xlsx import xlsx_bytes
from cakupan.runs.reports import keep_report
from integration.published_month import publish_case
from publish_rows import MONTH

PROVINCE = AreaCode("64")


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    context = Context(settings=settings, store=prepare_store(settings), engine=engine)
    settle(context, release_of(engine, publish_case(context)))
    return context


def ask(context: Context, query: str) -> list[tuple[Any, ...]]:
    with context.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def text_of(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_every_number_is_that_of_the_mart(context: Context) -> None:
    document = build_report(context.engine, PROVINCE, MONTH, "internal")
    pdf, book = pdf_bytes(document), xlsx_bytes(document)
    assert pdf == pdf_bytes(build_report(context.engine, PROVINCE, MONTH, "internal"))
    said = text_of(pdf)
    coverage = ask(
        context,
        "select segment, definition_id, active_count, eligible_count, coverage_pct "
        "from mart.monthly_coverage where programme = 'ANY' and area_code = '64' "
        "and segment in ('PU', 'BPU', 'ALL')",
    )
    assert len(coverage) >= 3
    for segment, definition, active, eligible, pct in coverage:
        words = [names.SEGMENTS[segment], names.definition(definition), number(active)]
        words += [number(eligible), f"{number(pct, 2)}%"] if eligible else []
        assert " ".join(words) in said
    funding = ask(
        context,
        "select budget_rupiah, realised_rupiah from mart.monthly_funding "
        "where area_code = '64.02' and worker_group = 'ALL' and payer = 'ALL'",
    )
    assert funding
    for budget, realised in funding:
        assert f"Rp{number(budget)} Rp{number(realised)}" in said
        assert number(budget) == "8.064.000,50"
    sheet = openpyxl.load_workbook(io.BytesIO(book))["Ketidaksesuaian"]
    shown = [
        (row[1].value, row[2].value) for row in sheet.iter_rows(min_row=5, max_col=3)
    ]
    published = ask(
        context,
        "select person_count, rupiah from mart.monthly_discrepancies "
        "where area_code = '64' order by kind collate \"C\"",
    )
    assert shown == [(count, rupiah and float(rupiah)) for count, rupiah in published]


def test_report_is_kept_once_beside_the_release(context: Context) -> None:
    current = current_release(context.engine, "64", MONTH)
    assert current is not None
    key = keep_report(context, "64", MONTH, current.release_id)
    assert key == f"reports/64/2026-09/{current.release_id}/laporan.pdf"
    kept = context.store.read(key)
    assert kept == pdf_bytes(build_report(context.engine, PROVINCE, MONTH, "internal"))
    before = [(found.key, found.etag) for found in context.store.list("reports/")]
    keep_report(context, "64", MONTH, current.release_id)
    after = [(found.key, found.etag) for found in context.store.list("reports/")]
    assert before == after
    assert not [path for path in context.settings.work_dir.rglob("*") if path.is_file()]


def test_month_without_release_and_area_without_report(context: Context) -> None:
    with pytest.raises(UsageError) as caught:
        build_report(context.engine, PROVINCE, MONTH.plus(1), "internal")
    assert caught.value.code == "NOT_RELEASED"
    for code in ("64.02.01", "64.99"):
        with pytest.raises(UsageError) as caught:
            build_report(context.engine, AreaCode(code), MONTH, "internal")
        assert caught.value.code == "REPORT_AREA"


def test_districts_of_a_scorecard_are_those_of_the_mart(context: Context) -> None:
    document = build_report(context.engine, AreaCode("64.02"), MONTH, "internal")
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(document)))["Kecamatan"]
    shown = [
        tuple(cell.value for cell in row[:5]) for row in sheet.iter_rows(min_row=5)
    ]
    published = ask(
        context,
        "select p.area_code,"
        " (select max(active_count) from mart.monthly_coverage as c where c.area_code ="
        " p.area_code and programme = 'ANY' and segment = 'PU'),"
        " (select max(active_count) from mart.monthly_coverage as c where c.area_code ="
        " p.area_code and programme = 'ANY' and segment = 'BPU'),"
        " sum(p.registered_count), sum(p.active_count)"
        " from mart.monthly_protection as p"
        " where p.area_level = 'district' and p.area_code like '64.02.%'"
        " and worker_group = 'pekerja_rentan' group by p.area_code"
        " order by p.area_code",
    )
    assert shown == [(areas.name_of(code), *rest) for code, *rest in published]
    assert shown
    # nobody judged them for the public
    public = build_report(context.engine, AreaCode("64.02"), MONTH, "public")
    assert (
        "Kecamatan"
        not in openpyxl.load_workbook(io.BytesIO(xlsx_bytes(public))).sheetnames
    )
