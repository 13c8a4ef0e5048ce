"""The key of a deployment hides who people are; it decides nothing about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cakupan.core.engine import Session
from cakupan.core.privacy import PersonKey
from cakupan.reconcile.linking import Leftover, linkage_rules
from cakupan.runs.linker import engine_linker
from ladder_people import NEAR, crowd, insured, listed
from reconcile_case import (
    KEY,
    Reconciled,
    Sent,
    day,
    extract,
    kpj,
    reconcile,
    rentan,
)

OTHER_KEY = PersonKey.of("the key of another province, as long as it has to be")


def month(folder: Path, key: PersonKey) -> tuple[Reconciled, list[Any]]:
    """A month with people of every rung, and what the engine was given."""
    given: list[Any] = []

    def linker(connection: Session, leftover: Leftover) -> pa.Table:
        if not given:  # the other engine of the same case gives the same
            given.extend(
                table.to_pylist()
                for table in (leftover.entries, leftover.participants, leftover.pairs)
            )
        return engine_linker(connection, leftover)

    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(linkage_rules(), "background", 50)
        patch.setitem(linkage_rules(), "sample", 20)
        found = reconcile(
            folder,
            extract(insured(1), *(insured(at, nik=None) for at in range(2, 30)),
                    *crowd()),
            rentan(
                "64.02",
                listed(1, nik=NEAR),
                *(listed(at) for at in range(2, 60)),
                *(listed(at) for at in range(100, 160)),
            ),
            key=key,
            linker=linker,
        )  # fmt: skip
    return found, given


def test_another_key_compares_the_same_people_in_the_same_order(tmp_path: Path) -> None:
    one, given = month(tmp_path / "one", KEY)
    other, given_again = month(tmp_path / "other", OTHER_KEY)
    entries, participants, pairs = given
    assert len(entries) > 30
    assert len(participants) > 50
    assert any(pair["without_nik"] for pair in pairs)
    assert given_again == given
    columns = ("source_row", "protection_state", "link_rule")
    assert one.values("registry", *columns) == other.values("registry", *columns)


def test_a_payment_whose_payer_is_in_no_row_goes_to_the_same_membership(
    tmp_path: Path,
) -> None:
    paid = {
        "kpj": kpj(1),
        "bulan_iuran": day("2026-09"),
        "sumber_iuran": "lainnya",
        "total_rupiah": 16_800,
        "tanggal_bayar": day("2026-09-15"),
    }
    payers = ("mandiri", "csr", "apbdes", "apbd_prov", "apbd_kab")
    found = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        result = reconcile(
            folder,
            extract(*(insured(1, sumber_iuran=payer) for payer in payers)),
            Sent("bpjs_iuran", "64", [paid]),
            rentan("64.02", listed(1)),
            key=PersonKey.of(f"key number {number} of a deployment, thirty-two long"),
        )
        payer = {
            row["membership_id"]: row["payer"] for row in result.rows("participation")
        }
        found.append(payer[str(result.one("contributions")["membership_id"])])
    assert found == ["apbd_kab"] * 4
