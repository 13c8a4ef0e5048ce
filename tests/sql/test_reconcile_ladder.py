"""The rungs below the equal NIK in the month: who is linked, who waits, who is counted.

Nobody in these lists exists.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cakupan.core.engine import Session
from cakupan.reconcile import linking
from cakupan.reconcile.inputs import Decision
from cakupan.reconcile.linking import Leftover
from cakupan.runs.linker import engine_linker
from ladder_people import (
    BORN,
    NEAR,
    OTHER,
    crowd,
    insured,
    listed,
    mistyped,
    pseudonym,
    somebody,
)
from reconcile_case import (
    Reconciled,
    Row,
    Sent,
    decision_about,
    extract,
    kpj,
    reconcile,
    rentan,
)


def one_day_off(number: int) -> dict[str, Any]:
    """NIK and birth date that fit each other, a day from those of somebody."""
    nik, born = somebody(number)["nik"], somebody(number)["tanggal_lahir"]
    other = born.replace(day=born.day - born.day % 10 + (born.day + 1) % 10)
    return {"nik": f"{nik[:6]}{other:%d%m%y}{nik[12:]}", "tanggal_lahir": other}


#: given: entry of the list, row of the extract; expect: state, rule.
CASES: dict[str, tuple[Row, Row, str, str | None]] = {
    "equal NIK": (listed(1), insured(1), "active", "nik_equal"),
    "NIK with two digits swapped": (listed(1, nik=NEAR), insured(1), "active",
                                    "nik_near"),
    "NIK with two digits swapped, another name": (
        listed(1, nik=NEAR, nama="Zulkifli Mahendra"), insured(1), "review",
        "probabilistic"),
    "NIK with two digits swapped, another birth date": (
        listed(1, nik=NEAR, tanggal_lahir=dt.date(1999, 3, 3)), insured(1),
        "review", "probabilistic"),
    "NIK and birth date with a slip each": (
        listed(1, nik=NEAR, tanggal_lahir=BORN.replace(day=BORN.day % 28 + 1)),
        insured(1), "active", "probabilistic"),
    "NIK and birth date both of another day": (
        listed(1, **one_day_off(1)), insured(1), "review", "probabilistic"),
    "no NIK in the extract": (listed(1), insured(1, nik=None), "active",
                              "probabilistic"),
    "no NIK in the extract, name abbreviated": (
        listed(1, nama="C. " + somebody(1)["nama"].split(" ", 1)[1]),
        insured(1, nik=None), "active", "probabilistic"),
    "no NIK in the extract, another person": (
        listed(1), insured(2, nik=None), "not_enrolled", None),
    "two NIKs that differ altogether": (
        listed(1, nik=OTHER), insured(1), "review", "probabilistic"),
    "NIK of another birth date than the row": (
        listed(1, nik="6471050909910003"), insured(1), "active", "probabilistic"),
    "NIK of another birth date, name not quite the same": (
        listed(1, nik="6471050909910003", nama=somebody(1)["nama"] + "n"),
        insured(1), "not_enrolled", None),
    "both NIKs of another birth date": (
        listed(1, nik="6471050909910003"), insured(1, nik="6403011212880001"),
        "review", "probabilistic"),
    "equal NIK, another person": (
        listed(1, nama="Zulkifli Mahendra", tanggal_lahir=dt.date(1999, 3, 3)),
        insured(1), "review", "nik_conflict"),
}  # fmt: skip


def month(tmp_path: Path, entry_row: Row, member: Row, **more: Any) -> Reconciled:
    """One person in doubt among three hundred participants."""
    known = [listed(number) for number in range(100, 160)]
    return reconcile(
        tmp_path, extract(member, *crowd()), rentan("64.02", entry_row, *known), **more
    )


@pytest.mark.parametrize("case", CASES)
def test_the_ladder(case: str, tmp_path: Path) -> None:
    given, member, state, rule = CASES[case]
    found = month(tmp_path, given, member)
    (row,) = (
        row for row in found.rows("registry")
        if row["person_id"] == pseudonym(given["nik"])
    )  # fmt: skip
    assert (row["protection_state"], row["link_rule"]) == (state, rule)
    others = [row for row in found.rows("registry") if row["source_row"] != 2]
    assert {row["link_rule"] for row in others} == {"nik_equal"}


def test_a_link_says_what_it_stands_on_and_nothing_personal(tmp_path: Path) -> None:
    found = month(tmp_path, listed(1, nik=NEAR), insured(1))
    (link,) = (
        row for row in found.rows("links") if row["link_rule"] != "nik_equal"
    )  # fmt: skip
    assert link["person_id"] == pseudonym(NEAR)
    assert (link["link_rule"], link["link_state"]) == ("nik_near", "linked")
    assert 0.9 <= link["probability"] <= 1
    said = link["evidence"]
    assert {"nik=one_edit", "birth_date=equal"} <= set(said.split(";"))
    assert not set("0123456789") & set(said.replace("equal:3", ""))


def test_probabilities_have_no_more_digits_than_are_kept(tmp_path: Path) -> None:
    """Else each engine of SQL would round them its own way."""
    found: list[float] = []

    def linker(connection: Session, leftover: Leftover) -> pa.Table:
        pairs = engine_linker(connection, leftover)
        found.extend(pairs.column("probability").to_pylist())
        return pairs

    month(tmp_path, listed(1, nik=OTHER), insured(1), linker=linker)
    assert found
    assert found == [round(one, 5) for one in found]


def test_nobody_is_linked_twice(tmp_path: Path) -> None:
    """Two entries fit one participant: at most one of them can be right."""
    rows = [listed(1, nik=NEAR), listed(1, nik=somebody(1)["nik"][:-1] + "8")]
    found = reconcile(
        tmp_path,
        extract(insured(1, nik=None), *crowd()),
        rentan("64.02", *rows, *(listed(n) for n in range(100, 160))),
    )
    linked = [
        row["membership_id"]
        for row in found.rows("links")
        if row["link_state"] == "linked"
    ]
    assert len(linked) == len(set(linked))
    states = found.values("registry", "protection_state")
    assert len([1 for (state,) in states if state == "active"]) <= 61


def test_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    members = [insured(n, nik=None if n < 20 else somebody(n)["nik"])
               for n in range(1, 300)]  # fmt: skip
    rows = [listed(n, nik=mistyped(somebody(n)["nik"]) if 20 <= n < 40 and
                   somebody(n)["nik"][10] != somebody(n)["nik"][11]
                   else somebody(n)["nik"]) for n in range(1, 120)]  # fmt: skip
    expected = None
    for seed in range(3):
        folder = tmp_path / str(seed)
        folder.mkdir()
        shuffle = random.Random(seed)
        sent = [
            extract(*shuffle.sample(_numbered(members), len(members))),
            rentan("64.02", *shuffle.sample(_numbered(rows), len(rows))),
        ]
        shuffle.shuffle(sent)
        found = reconcile(folder, *sent, threads=1 + seed)
        expected = expected or found.bytes()
        assert found.bytes() == expected
    assert found.counts["linked_by_rung"] >= 25


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"source_row": at, **row} for at, row in enumerate(rows, start=2)]


def test_a_quarantined_row_counts_nowhere_but_tells_its_participant(
    tmp_path: Path,
) -> None:
    held = listed(1) | {"nik": None, "source_row": 99, "codes": ["NIK_LENGTH"]}
    member = insured(1, sumber_iuran="apbd_kab")
    known = [listed(n) for n in range(100, 160)]
    found = reconcile(
        tmp_path,
        extract(member, *crowd()),
        rentan("64.02", *known, quarantined=[held]),
    )
    told = {
        row["person_id"]: row["detail"]
        for row in found.rows("discrepancies")
        if row["kind"] == "nik_invalid"
    }
    assert told == {
        pseudonym(somebody(1)["nik"]): "kode=NIK_LENGTH;cocok=probabilistic"
    }
    assert len(found.rows("registry")) == len(known)
    strangers = {
        row["person_id"]
        for row in found.rows("discrepancies")
        if row["kind"] == "active_not_registered"
    }
    assert pseudonym(somebody(1)["nik"]) not in strangers
    assert len(strangers) == 240


def test_money_follows_the_link(tmp_path: Path) -> None:
    member = insured(1, nik=None)
    payment = {
        "kpj": kpj(1), "bulan_iuran": dt.date(2026, 9, 1), "jkk_rupiah": 10_000,
        "jkm_rupiah": 6_800, "sumber_iuran": "apbd_kab",
    }  # fmt: skip
    found = reconcile(
        tmp_path,
        extract(member, *crowd()),
        rentan("64.02", listed(1), *(listed(n) for n in range(100, 160))),
        Sent("bpjs_iuran", "64", [payment]),
    )
    paid = found.one("contributions")
    assert (paid["area_code"], paid["worker_group"]) == ("64.02", "pekerja_rentan")
    assert paid["person_id"] == pseudonym(f"kpj:{kpj(1)}")


def decided(found: Reconciled, decision: str) -> list[Decision]:
    """A decision about the only pair in doubt."""
    return [decision_about(found.one("review_pairs"), decision)]


#: given: case in doubt, decision; expect: state, rule.
DECIDED = [
    ("two NIKs that differ altogether", "same", "active", "steward"),
    ("two NIKs that differ altogether", "different", "not_enrolled", None),
    ("two NIKs that differ altogether", "unsure", "review", "probabilistic"),
    ("equal NIK, another person", "same", "active", "steward"),
    ("equal NIK, another person", "different", "not_enrolled", None),
    ("equal NIK, another person", "unsure", "review", "nik_conflict"),
]


@pytest.mark.parametrize(
    ("case", "decision", "state", "rule"), DECIDED,
    ids=[f"{row[0]}: {row[1]}" for row in DECIDED],
)  # fmt: skip
def test_a_decision_changes_the_month(
    case: str, decision: str, state: str, rule: str | None, tmp_path: Path
) -> None:
    given, member, _, _ = CASES[case]
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    before = month(tmp_path / "before", given, member)
    assert len(before.rows("review_records")) == 2
    after = month(
        tmp_path / "after", given, member, decisions=decided(before, decision)
    )
    (row,) = (one for one in after.rows("registry") if one["source_row"] == 2)
    assert (row["protection_state"], row["link_rule"]) == (state, rule)
    queue = after.rows("review_pairs")
    assert [one["decision"] for one in queue] == [decision]


def test_both_sides_of_a_pair_in_doubt(tmp_path: Path) -> None:
    given, member, _, _ = CASES["equal NIK, another person"]
    found = month(tmp_path, given, member)
    sides = {row["side"]: row["name"] for row in found.rows("review_records")}
    assert sides == {"daftar": given["nama"], "bpjs": member["nama"]}
    pair = found.one("review_pairs")
    assert pair["person_id"] == pseudonym(given["nik"])
    assert str(pair["other_id"]) == pseudonym(f"kpj:{kpj(1)}")
    assert (pair["area_code"], pair["source_row"]) == ("64.02", 2)


#: What makes every record look like every other one.
HOSTILE = {
    "every NIK damaged": {"nik": None},
    "all birth dates equal": {"nik": None, "tanggal_lahir": dt.date(1980, 1, 1)},
    "names empty": {"nik": None, "nama": None},
    "birth dates empty": {"nik": None, "tanggal_lahir": None},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_bad_input_makes_no_false_link(case: str, tmp_path: Path) -> None:
    """Participants without any NIK; the people of the lists are others."""
    members = [insured(n, **HOSTILE[case]) for n in range(1000, 2000)]
    rows = [
        listed(n, **{k: v for k, v in HOSTILE[case].items() if k != "nik"})
        for n in range(1, 800)
    ]
    found = reconcile(tmp_path, extract(*members), rentan("64.02", *rows))
    assert [one for one in found.rows("links") if one["link_state"] == "linked"] == []
    assert found.counts["compared_pairs"] <= 799 * 1000


def test_more_pairs_than_the_budget_are_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = {"nama": "Siti Aminah Rahayu", "tanggal_lahir": dt.date(1980, 1, 1)}
    members = [insured(n, nik=None, **same) for n in range(1000, 1200)]
    rows = [listed(n, **same) for n in range(1, 200)]
    rules = linking.linkage_rules() | {"pairs": 1000}
    monkeypatch.setattr(linking, "linkage_rules", lambda: rules)
    found = reconcile(tmp_path, extract(*members), rentan("64.02", *rows))
    assert found.counts["compared_pairs"] == 0
    assert found.counts["link_keys_left_out"] > 0
    assert {row["protection_state"] for row in found.rows("registry")} == {
        "not_enrolled"
    }
