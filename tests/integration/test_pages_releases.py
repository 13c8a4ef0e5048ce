"""Pelepasan over HTTP: what is in force, and who reads what approvers write."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cakupan.core.database import engine_for
from pages_rows import put_release
from pages_site import Site

MONTH = dt.date(2026, 3, 1)
NOTE, REASON = "Sudah dirapatkan", "Angka Berau janggal"


@pytest.fixture(scope="module")
def engine(site: Site) -> Iterator[sa.Engine]:
    """The warehouse behind the site; in March one release is in force, one rejected."""
    by = {"decided_by": "sekda", "decided_by_name": "Dr. Siti Aminah"}
    engine = engine_for(site.settings.warehouse_url or "")
    with engine.begin() as connection:
        put_release(connection, MONTH, 1, decision="not_required")
        put_release(connection, MONTH, 2, decision="approved", note=NOTE,
                    files_sha256="f" * 64, **by)  # fmt: skip
        put_release(connection, MONTH, 3, decision="rejected", note=REASON, **by)
        put_release(connection, MONTH, 4)
    yield engine
    engine.dispose()


def states(text: str) -> list[str]:
    """What the page says of the releases of March, the last first."""
    rows = [row for row in text.split("<tr>") if "Maret 2026" in row]
    return [re.sub(r"<[^>]+>", "", row.split("<td>")[1]).split("\n")[0] for row in rows]


def test_the_last_released_one_is_in_force(site: Site, engine: sa.Engine) -> None:
    with site.browser("ana") as browser:
        text = browser.get("/pelepasan").text
    found = [re.sub(r"(final|sementara)$", "", one) for one in states(text)]
    assert found == [
        "… draf, menunggu persetujuan",
        "✗ draf, ditolak",
        "✓ dirilis, berlaku",
        "– digantikan",
    ]
    assert "f" * 64 in text


def test_notes_of_approvers_are_for_the_province(site: Site, engine: sa.Engine) -> None:
    for user, is_shown in (("kukar", False), ("ana", True), ("sri", True)):
        with site.browser(user) as browser:
            text = browser.get("/pelepasan").text
        for said in (NOTE, REASON, "Siti Aminah"):
            assert (said in text) is is_shown, (user, said)
        assert "draf, ditolak" in text
        assert "20 Oktober 2026" in text
