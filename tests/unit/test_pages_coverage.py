"""What the page Cakupan says of a row without a share."""

from __future__ import annotations

from typing import Any

import pytest

from cakupan.pages.coverage import lacks


def row(active: int | None, eligible: int | None) -> dict[str, Any]:
    has_share = active is not None and eligible
    return {
        "active_count": active,
        "eligible_count": eligible,
        "coverage_pct": 50 if has_share else None,
    }


@pytest.mark.parametrize(
    ("active", "eligible", "words"),
    [
        (5, 10, ""),
        (0, 10, ""),
        (None, 10, "data BPJS belum ada"),
        (5, None, "penyebut belum ada"),
        (None, None, "data BPJS dan penyebut belum ada"),
        (5, 0, "penyebut nol"),
    ],
)
def test_what_a_share_lacks(
    active: int | None, eligible: int | None, words: str
) -> None:
    assert lacks(row(active, eligible)) == words
