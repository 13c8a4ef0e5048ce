"""Whom a steward's decision is about, and who else has the same NIK.

A decision holds for the two sides a steward was shown, and as long as they are there.
Nobody in these lists exists.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ladder_people import (
    BORN,
    NEAR,
    OTHER,
    crowd,
    insured,
    listed,
    pseudonym,
    somebody,
)
from reconcile_case import (
    Decision,
    Reconciled,
    Row,
    Sent,
    decision_about,
    extract,
    kpj,
    reconcile,
    rentan,
)

NIK = somebody(1)["nik"]
#: Two people who are neither each other nor the participant, under the same NIK.
ZULKIFLI = {
    "nik": NIK,
    "nama": "Zulkifli Mahendra",
    "tanggal_lahir": dt.date(1999, 3, 3),
}
HOTMAN = {
    "nik": NIK,
    "nama": "Hotman Simbolon",
    "tanggal_lahir": dt.date(1971, 12, 5),
}
ANOTHER_SLIP = NIK[:15] + str((int(NIK[15]) + 3) % 10)


class Month:
    """The same month again and again, with what stewards have decided so far."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._runs = folder, 0
        self.decisions: dict[str, Decision] = {}

    def run(
        self, *sent: Sent, member: Row | None = None, members: tuple[Row, ...] = ()
    ) -> Reconciled:
        """Reconcile lists beside sixty people and three hundred participants."""
        self._runs += 1
        folder = self._folder / str(self._runs)
        folder.mkdir()
        rows = [member] if member else list(members)
        known = rentan("64.08", *(listed(number) for number in range(100, 160)))
        return reconcile(
            folder,
            extract(*rows, *crowd()),
            known,
            *sent,
            decisions=list(self.decisions.values()),
        )

    def decide(self, found: Reconciled, decision: str, name: str | None = None) -> None:
        """What a steward decides who is shown the name in a list."""
        shown = {
            row["pair_id"]: row["name"]
            for row in found.rows("review_records")
            if row["side"] == "daftar"
        }
        pair = next(
            row
            for row in found.rows("review_pairs")
            if name is None or shown[row["pair_id"]] == name
        )
        self.decisions[pair["pair_id"]] = decision_about(pair, decision)


@pytest.fixture
def month(tmp_path: Path) -> Month:
    return Month(tmp_path)


def states(found: Reconciled) -> dict[str, tuple[Any, Any]]:
    """State and rule of the entries that are not of the sixty, by area."""
    return {
        row["area_code"]: (row["protection_state"], row["link_rule"])
        for row in found.rows("registry")
        if row["area_code"] != "64.08"
    }


NOT_ENROLLED = ("not_enrolled", None)


@pytest.mark.parametrize("areas", [("64.02", "64.03"), ("64.03", "64.02")])
def test_who_has_the_same_nik_is_searched_alone(
    areas: tuple[str, str], month: Month
) -> None:
    citra, zulkifli = areas
    found = month.run(
        rentan(citra, listed(1)),
        rentan(zulkifli, listed(1, **ZULKIFLI)),
        member=insured(1, nik=NEAR),
    )
    assert states(found) == {citra: ("active", "nik_near"), zulkifli: NOT_ENROLLED}


def test_two_lists_with_the_same_person_are_found_together(month: Month) -> None:
    """Another birth date alone is a slip: the link of one is that of the other."""
    found = month.run(
        rentan("64.02", listed(1)),
        rentan("64.03", listed(1, tanggal_lahir=BORN.replace(year=BORN.year + 1))),
        member=insured(1, nik=NEAR),
    )
    assert set(states(found).values()) == {("active", "nik_near")}


def test_a_decision_about_one_sets_nobody_else_free(month: Month) -> None:
    """Citra keeps her lapsed membership; Zulkifli is found under his own NIK."""
    born = BORN.replace(year=BORN.year + 1)
    zulkifli = {"nama": "Zulkifli Mahendra Kutai", "tanggal_lahir": born}
    own = NIK[:6] + f"{born:%d%m%y}" + NIK[12:]
    sent = (
        rentan("64.02", listed(1, nik=NIK, **zulkifli)),
        rentan("64.03", listed(1)),
    )
    members = (
        insured(1, bulan_iuran_terakhir=dt.date(2026, 1, 1)),
        insured(2, nik=own, kode_desa=somebody(1)["kode_desa"], **zulkifli),
    )
    before = month.run(*sent, members=members)
    assert states(before)["64.03"] == ("lapsed", "nik_equal")
    assert states(before)["64.02"] == ("review", "nik_conflict")
    month.decide(before, "different", "Zulkifli Mahendra Kutai")
    after = states(month.run(*sent, members=members))
    assert after["64.03"] == ("lapsed", "nik_equal")
    assert after["64.02"][0] == "active"


@pytest.mark.parametrize(
    ("decision", "state"),
    [("same", ("active", "steward")), ("different", NOT_ENROLLED)],
)
def test_a_decision_is_about_whom_the_steward_saw(
    decision: str, state: tuple[str, str | None], month: Month
) -> None:
    sent = (
        rentan("64.02", listed(1, **ZULKIFLI)),
        rentan("64.03", listed(1, **HOTMAN)),
    )
    before = month.run(*sent, member=insured(1))
    assert set(states(before).values()) == {("review", "nik_conflict")}
    month.decide(before, decision, "Zulkifli Mahendra")
    after = month.run(*sent, member=insured(1))
    assert states(after) == {"64.02": state, "64.03": ("review", "nik_conflict")}
    moved = month.run(rentan("64.02", listed(1, **HOTMAN)), member=insured(1))
    assert states(moved) == {"64.02": ("review", "nik_conflict")}


def test_who_is_not_there_any_more_holds_nobody_back(month: Month) -> None:
    """The list has another slip of the same NIK: found without the old decision."""
    doubtful = rentan("64.02", listed(1, nik=NEAR, nama="Zulkifli Mahendra"))
    month.decide(month.run(doubtful, member=insured(1)), "same")
    assert states(month.run(doubtful, member=insured(1))) == {
        "64.02": ("active", "steward")
    }
    corrected = rentan("64.02", listed(1, nik=ANOTHER_SLIP))
    assert states(month.run(corrected, member=insured(1))) == {
        "64.02": ("active", "nik_near")
    }


def test_a_participant_who_got_a_nik_is_found_by_it(month: Month) -> None:
    """Decided while BPJS knew no NIK; it knows one since."""
    entry = rentan("64.02", listed(1, nik=NEAR))
    without = tuple(insured(n, **somebody(1) | {"nik": None}) for n in (1, 2))
    month.decide(month.run(entry, members=without), "same")
    with_it = tuple(insured(n, **somebody(1)) for n in (1, 2))
    after = month.run(entry, members=with_it)
    assert states(after) == {"64.02": ("active", "nik_near")}


def test_same_holds_when_another_list_has_the_right_nik(month: Month) -> None:
    doubtful = rentan("64.02", listed(1, nik=NEAR, nama="Zulkifli Mahendra"))
    month.decide(month.run(doubtful, member=insured(1)), "same")
    after = month.run(doubtful, rentan("64.03", listed(1)), member=insured(1))
    assert states(after) == {
        "64.02": ("active", "steward"),
        "64.03": ("active", "nik_equal"),
    }


def test_who_is_in_no_list_is_said_so(month: Month) -> None:
    def strangers(found: Reconciled) -> int:
        kinds = Counter(row["kind"] for row in found.rows("discrepancies"))
        return kinds["active_not_registered"]

    entry = rentan("64.02", listed(1, **ZULKIFLI))
    before = month.run(entry, member=insured(1))
    month.decide(before, "different")
    after = month.run(entry, member=insured(1))
    assert strangers(after) == strangers(before) + 1


@pytest.mark.parametrize("decision", ["same", "different"])
@pytest.mark.parametrize(
    "person", [{"nik": OTHER}, ZULKIFLI], ids=["another NIK", "equal NIK"]
)
def test_what_is_decided_can_be_looked_at_and_taken_back(
    person: dict[str, Any], decision: str, month: Month
) -> None:
    entry = rentan("64.02", listed(1, **person))
    before = month.run(entry, member=insured(1))
    month.decide(before, decision)
    for _ in range(2):
        after = month.run(entry, member=insured(1))
        (pair,) = after.rows("review_pairs")
        assert (pair["pair_id"], pair["decision"]) == (
            before.one("review_pairs")["pair_id"],
            decision,
        )
        assert after.rows("review_records") == before.rows("review_records")
    month.decide(after, "unsure")
    again = month.run(entry, member=insured(1))
    assert states(again) == states(before)


def test_a_person_bpjs_has_twice_waits_and_can_be_decided(month: Month) -> None:
    """Two KPJs without a NIK: either may be right, so a steward says which."""
    entry = rentan("64.02", listed(1))
    members = (insured(1, nik=None), insured(2, **somebody(1) | {"nik": None}))
    before = month.run(entry, members=members)
    assert states(before) == {"64.02": ("review", "probabilistic")}
    first, second = before.rows("review_pairs")
    assert {str(first["other_id"]), str(second["other_id"])} == {
        pseudonym(f"kpj:{kpj(number)}") for number in (1, 2)
    }
    month.decide(before, "same")
    assert states(month.run(entry, members=members)) == {"64.02": ("active", "steward")}
