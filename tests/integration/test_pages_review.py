"""Tinjauan over HTTP: names for stewards only, each reading logged, decisions kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cakupan.core.area import AreaCode
from cakupan.core.database import engine_for
from cakupan.core.schema.vault import access_log, review_decisions
from pages_site import Site
from publish_rows import MONTH
from review_rows import put_pair

MARKUP = "<script>alert(1)</script>"
NIK = "6402010203040001"
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture(scope="module")
def engine(site: Site) -> Iterator[sa.Engine]:
    """The warehouse behind the site, with two pairs in doubt."""
    engine = engine_for(site.settings.warehouse_url or "")
    with engine.begin() as connection:
        put_pair(connection, MONTH, ONE, AreaCode("64.02"), MARKUP)
        put_pair(connection, MONTH, TWO, AreaCode("64.71"), MARKUP)
    yield engine
    engine.dispose()


def where(pair_id: uuid.UUID, area: str = "64") -> str:
    return f"/tinjauan/{pair_id}?month={MONTH}&area={area}"


def readings(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(access_log.c.purpose)))


def test_the_list_has_no_names(site: Site, engine: sa.Engine) -> None:
    before = readings(engine)
    with site.browser("sri") as browser:
        text = browser.get(f"/tinjauan?month={MONTH}").text
    assert str(ONE)[:8] in text
    assert NIK not in text
    assert "ORANG CONTOH" not in text
    assert readings(engine) == before


def test_both_sides_are_shown_inert_and_the_reading_is_logged(
    site: Site, engine: sa.Engine
) -> None:
    before = readings(engine)
    with site.browser("sri") as browser:
        answer = browser.get(where(ONE))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert NIK in answer.text
    assert "ORANG CONTOH" in answer.text
    assert MARKUP not in answer.text
    assert "nik=one_edit" not in answer.text
    assert "satu salah ketik" in answer.text
    (entry,) = readings(engine)[len(before) :]
    assert "akun sri" in entry
    assert NIK not in entry


@pytest.mark.parametrize("user", ["kukar", "paser", "ana"])
def test_others_see_neither_names_nor_the_queue(
    site: Site, engine: sa.Engine, user: str
) -> None:
    before = readings(engine)
    with site.browser(user) as browser:
        for path in (f"/tinjauan?month={MONTH}", where(ONE, "64.02")):
            answer = browser.get(path)
            assert answer.status_code == 403
            assert NIK not in answer.text
        refused = browser.post(where(ONE, "64.02"), data={"decision": "same"})
        assert refused.status_code == 403
    assert readings(engine) == before


def test_a_decision_is_kept_under_the_name_of_the_account(
    site: Site, engine: sa.Engine
) -> None:
    with site.browser("sri") as browser:
        wrong = browser.post(where(ONE), data={"decision": "maybe"})
        assert wrong.status_code == 404
        assert "REVIEW_DECISION_UNKNOWN" in wrong.text
        answer = browser.post(where(ONE), data={"decision": "same"})
        assert answer.status_code == 303
        assert str(TWO) in answer.headers["location"]
    with engine.connect() as connection:
        found = connection.execute(
            sa.select(review_decisions.c.pair_id, review_decisions.c.decision,
                      review_decisions.c.decided_by)
        ).all()  # fmt: skip
    assert [tuple(row) for row in found] == [(ONE, "same", "sri")]


def test_a_pair_of_another_area_is_not_there(site: Site, engine: sa.Engine) -> None:
    with site.browser("sri") as browser:
        answer = browser.get(where(TWO, "64.02"))
    assert answer.status_code == 404
    assert "REVIEW_PAIR_UNKNOWN" in answer.text
