"""What holds of every month: nothing lost, nobody counted twice, order is no input."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile_case import (
    Reconciled,
    Sent,
    day,
    entry,
    extract,
    membership,
    reconcile,
)

GROUPS = ("pekerja_rentan", "non_asn", "rt_rw")
AREAS = ("64", "64.02", "64.03")

people = st.integers(1, 6)
strangers = st.sampled_from(
    [{}, {"nama": "Maria Wenda", "tanggal_lahir": day("1991-02-03")}, {"nama": None}]
)


@st.composite
def memberships(draw: st.DrawFn) -> dict[str, Any]:
    number = draw(people)
    return membership(
        number,
        **draw(strangers),
        kpj=f"2600000000{draw(st.integers(1, 4))}",
        segmen=draw(st.sampled_from(["PU", "BPU"])),
        sumber_iuran=draw(st.sampled_from([None, "csr", "apbd_kab", "mandiri"])),
        bulan_iuran_terakhir=day(
            draw(st.sampled_from(["2026-09", "2026-08", "2026-05", None]))
        ),
        status=draw(st.sampled_from(["aktif", "tidak_aktif", None])),
        kode_kabkota=draw(st.sampled_from(["64.02", "64.03", "63.01"])),
        status_periode=draw(st.sampled_from(["posting", "draft", None])),
        nik__defect=draw(st.sampled_from([None, None, "NIK_LENGTH"])),
    )


@st.composite
def months(draw: st.DrawFn) -> list[Sent]:
    files = []
    for group, area in draw(
        st.lists(
            st.tuples(st.sampled_from(GROUPS), st.sampled_from(AREAS)),
            unique=True,
            max_size=4,
        )
    ):
        listed = draw(st.lists(people, unique=True, max_size=5))
        files.append(
            Sent(group, area, [entry(one, **draw(strangers)) for one in listed])
        )
    for area in draw(st.lists(st.sampled_from(AREAS), unique=True, max_size=2)):
        rows = draw(st.lists(memberships(), max_size=6))
        files.append(extract(*rows, area=area))
    return files


def numbered(files: list[Sent], order: Any) -> list[Sent]:
    """The same rows with the same row numbers, rows and files in another order."""
    again = [
        Sent(
            file.dataset,
            file.area,
            order(
                [{"source_row": at, **row} for at, row in enumerate(file.rows or ())]
            ),
        )
        for file in files
    ]
    return list(order(again))


def conserve(files: list[Sent], found: Reconciled) -> None:
    registry, participation = found.rows("registry"), found.rows("participation")
    listed = sum(
        len(file.rows or ()) for file in files if file.dataset != "bpjs_kepesertaan"
    )
    insured = sum(
        len(file.rows or ()) for file in files if file.dataset == "bpjs_kepesertaan"
    )
    assert len(registry) + found.counts["registry_repeated"] == listed
    assert found.counts["registry_repeated"] == 0
    assert insured == sum(
        found.counts[name]
        for name in ("participation", "snapshot_repeated", "snapshot_other_province")
    )
    origins = Counter((row["submission_id"], row["source_row"]) for row in registry)
    assert set(origins.values()) <= {1}
    members = Counter(row["membership_id"] for row in participation)
    assert set(members.values()) <= {1}


def count_once(found: Reconciled) -> None:
    persons = [row["person_id"] for row in found.rows("persons")]
    assert len(persons) == len(set(persons))
    assert persons == [row["person_id"] for row in found.rows("identities")]
    assert set(persons) == {
        row["person_id"]
        for table in ("registry", "participation")
        for row in found.rows(table)
    }


def balance(found: Reconciled) -> None:
    for area in AREAS:
        states = Counter(
            row["protection_state"]
            for row in found.rows("registry")
            if row["area_code"] == area
        )
        parts = ("active", "grace_1", "grace_2", "lapsed", "not_enrolled", "review")
        known = sum(states[part] for part in parts)
        assert states.total() in {known, states[None]}, area


def agree(found: Reconciled) -> None:
    """Links, states and discrepancies tell one story."""
    linked = {row["person_id"]: row["link_rule"] for row in found.rows("links")}
    kinds = {
        (row["area_code"], row["person_id"], row["kind"])
        for row in found.rows("discrepancies")
    }
    keys = [
        tuple(row[name] for name in ("area_code", "person_id", "kind"))
        for row in found.rows("discrepancies")
    ]
    assert len(keys) == len(set(keys))
    for row in found.rows("registry"):
        place = (row["area_code"], row["person_id"])
        state = row["protection_state"]
        assert ((*place, "not_enrolled") in kinds) >= (state == "not_enrolled")
        assert ((*place, "lapsed") in kinds) >= (state == "lapsed")
        assert (state not in {None, "not_enrolled"}) == (row["link_rule"] is not None)
        if state == "review":
            assert (*place, "identity_conflict") in kinds
        if row["link_rule"]:
            assert row["person_id"] in linked
        assert (row["programmes"] is not None) == (
            state in {"active", "grace_1", "grace_2"}
        )


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(files=months(), data=st.data())
def test_every_month(files: list[Sent], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        first, second = Path(name, "first"), Path(name, "second")
        first.mkdir()
        second.mkdir()
        found = reconcile(first, *numbered(files, list))
        again = reconcile(
            second,
            *numbered(files, lambda rows: data.draw(st.permutations(rows))),
            threads=2,
        )
        assert found.bytes() == again.bytes()
        conserve(files, found)
        count_once(found)
        balance(found)
        agree(found)
