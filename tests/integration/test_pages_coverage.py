"""Cakupan over HTTP: the month it opens on, and what it says where data are missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cakupan.core.database import engine_for
from pages_rows import put_coverage, put_release
from pages_site import Site

#: After the released month of the site: nobody sent an extract, denominators stand.
LATER = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def engine(site: Site) -> Iterator[sa.Engine]:
    """The warehouse behind the site, with a later release without figures."""
    engine = engine_for(site.settings.warehouse_url or "")
    with engine.begin() as connection:
        number = put_release(connection, LATER, 1, decision="not_required")
        for area, level in (("64", "province"), ("64.02", "regency")):
            put_coverage(
                connection,
                number,
                coverage_month=LATER,
                area_code=area,
                area_level=level,
                segment="BPU",
                eligible_count=80,
                denominator_date=dt.date(2026, 8, 1),
                denominator_source="Contoh",
            )
    yield engine
    engine.dispose()


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("user", ["kukar", "ana"])
def test_it_opens_on_the_last_month_with_figures(
    site: Site, engine: sa.Engine, user: str
) -> None:
    with site.browser(user) as browser:
        text = browser.get("/").text
        assert '<option value="2026-09" selected>' in text
        assert '<option value="2026-11">' in text
        assert "November 2026 sudah ada, tanpa data BPJS" in plain(text)
        assert browser.get("/asal").status_code == 200
        assert browser.get("/cakupan.csv").text.splitlines()[1][:7] == "2026-09"


def test_without_any_figure_it_opens_on_the_last_release(
    site: Site, engine: sa.Engine
) -> None:
    with site.browser("ana") as browser:
        text = browser.get("/", params={"area": "64.11.01"}).text
    assert '<option value="2026-11" selected>' in text


def test_a_month_without_extract_says_so(site: Site, engine: sa.Engine) -> None:
    with site.browser("ana") as browser:
        for segment in ("BPU", None):
            chosen = {"month": "2026-11", "segment": segment}
            text = plain(browser.get("/", params=chosen).text)
            assert "penyebut belum ada" not in text
            assert "data BPJS belum ada" in text
        source = browser.get("/asal", params={"month": "2026-11", "segment": "BPU"})
    assert "data BPJS belum ada" in plain(source.text)


def test_the_trend_names_months_without_figures(site: Site, engine: sa.Engine) -> None:
    with site.browser("ana") as browser:
        text = browser.get("/", params={"segment": "BPU"}).text
    trend = plain(text[text.index('id="tren"') :])
    assert "Tanpa angka (bukan nol): Oktober-November 2026" in trend
    assert "November 2026 – –" in trend
