"""Rule 1: the state of a membership in a month (docs/architecture.md).

Month is September 2026. Sources: three consecutive unpaid months end the protection
(BPJS Ketenagakerjaan, article 18884); a JKM claim in the first three months of
membership pays Rp10 million (Permenaker 1/2025).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reconcile_case import (
    Reconciled,
    day,
    entry,
    extract,
    membership,
    reconcile,
    rentan,
)

#: paid through, stated status -> state, unpaid months
STATES = [
    ("2026-09", "aktif", "active", 0),
    ("2026-08", "aktif", "grace_1", 1),
    ("2026-07", "aktif", "grace_2", 2),
    ("2026-06", "aktif", "lapsed", 3),
    ("2024-12", "aktif", "lapsed", 21),
    ("2027-03", "aktif", "active", 0),  # paid in advance
    ("2026-09", None, "active", 0),
    ("2026-07", None, "grace_2", 2),
    ("2026-06", None, "lapsed", 3),
    ("2026-09", "tidak_aktif", "lapsed", 0),  # the stated end wins over the payment
    ("2026-08", "tidak_aktif", "lapsed", 1),
    (None, "aktif", "active", None),
    (None, "tidak_aktif", "lapsed", None),
    (None, None, "lapsed", None),
]


@pytest.fixture(scope="module")
def september(tmp_path_factory: pytest.TempPathFactory) -> Reconciled:
    """One person per line of the tables below, all in one extract and one registry."""
    rows = [
        membership(at, bulan_iuran_terakhir=day(paid), status=status)
        for at, (paid, status, _, _) in enumerate(STATES)
    ]
    rows += [
        membership(100 + at, tanggal_kepesertaan=day(registered))
        for at, (registered, _) in enumerate(REGISTRATIONS)
    ]
    rows += [
        membership(
            200 + at, kpj=f"2700000{at:02d}{number:02d}", bulan_iuran_terakhir=day(paid)
        )
        for at, (months, _) in enumerate(BEST_STATES)
        for number, paid in enumerate(months)
    ]
    listed = [
        entry(first + at)
        for first, table in ((0, STATES), (100, REGISTRATIONS), (200, BEST_STATES))
        for at in range(len(table))
    ]
    return reconcile(
        tmp_path_factory.mktemp("september"), extract(*rows), rentan("64.02", *listed)
    )


@pytest.mark.parametrize("at", range(len(STATES)), ids=lambda at: str(STATES[at]))
def test_state_of_a_membership(september: Reconciled, at: int) -> None:
    _, _, state, unpaid = STATES[at]
    member = september.of("participation", at)
    assert (member["participation_state"], member["unpaid_months"]) == (state, unpaid)
    assert september.of("registry", at)["protection_state"] == state


#: registration date -> is_new
REGISTRATIONS = [
    ("2026-09-30", True),
    ("2026-09-01", True),
    ("2026-07-01", True),
    ("2026-06-30", False),
    ("2020-01-01", False),
    ("2026-10-01", False),  # a date after the month is an error, not a new member
    (None, None),
]


@pytest.mark.parametrize("at", range(len(REGISTRATIONS)))
def test_new_member(september: Reconciled, at: int) -> None:
    registered, is_new = REGISTRATIONS[at]
    assert september.of("participation", 100 + at)["is_new"] is is_new, registered
    assert september.of("registry", 100 + at)["is_new"] is is_new


#: states of the memberships of one person -> state of the person
BEST_STATES = [
    (["2026-09", "2026-05"], "active"),
    (["2026-08", "2026-05"], "grace_1"),
    (["2026-07", "2026-08"], "grace_1"),
    (["2026-07", "2026-05"], "grace_2"),
    (["2026-05", "2026-04"], "lapsed"),
    ([], "not_enrolled"),
]


@pytest.mark.parametrize(
    "at", range(len(BEST_STATES)), ids=lambda at: str(BEST_STATES[at])
)
def test_best_state_wins(september: Reconciled, at: int) -> None:
    _, state = BEST_STATES[at]
    assert september.of("registry", 200 + at)["protection_state"] == state


def test_a_period_that_is_not_posted_counts_and_keeps_its_mark(tmp_path: Path) -> None:
    row = membership(1, status_periode="draft")
    member = reconcile(tmp_path, extract(row)).one("participation")
    assert member["participation_state"] == "active"
    assert member["period_status"] == "draft"


def test_programmes_of_active_memberships_only_in_their_order(tmp_path: Path) -> None:
    rows = [
        membership(1, segmen="PU", jht=True, jp=True, jkk=False, jkm=None),
        membership(1, kpj="26000000099", jkk=True, jkm=True),
        membership(
            1, kpj="26000000098", segmen="JAKON", jkp=True,
            bulan_iuran_terakhir=day("2026-01"),
        ),
    ]  # fmt: skip
    found = reconcile(tmp_path, extract(*rows), rentan("64.02", entry(1)))
    assert found.one("registry")["programmes"] == "JKK,JKM,JHT,JP"


def test_new_only_when_every_active_membership_is_new(tmp_path: Path) -> None:
    rows = [
        membership(1, tanggal_kepesertaan=day("2026-08-01")),
        membership(1, kpj="26000000099", segmen="PU"),
    ]
    found = reconcile(tmp_path, extract(*rows), rentan("64.02", entry(1)))
    assert found.one("registry")["is_new"] is False
