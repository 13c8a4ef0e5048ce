"""Rupiah in = rupiah out: what a file holds is accepted to the sen or held back.

The file is written and read back by code that is not ours.
"""

from __future__ import annotations

import csv
import io
import tempfile
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.runs.check import check_file

SEN = st.integers(0, 10**15).map(lambda sen: Decimal(sen) / 100)
JUNK = st.sampled_from(["tiga juta", "1.2.3", "(5.000.000)", "-7.000.000", "1,5,5"])


def _written(amount: Decimal, notation: str) -> str:
    us = f"{amount:,.2f}"
    if notation == "us":
        return us
    if notation == "id":
        return us.translate(str.maketrans(",.", ".,"))
    return str(int(amount)) if amount == int(amount) else f"{amount:.2f}"


@pytest.mark.parametrize("notation", ["id", "us", "plain"])
def test_conserved(notation: str) -> None:
    @rules(max_examples=4, deadline=None)
    @given(st.lists(st.tuples(SEN, st.none() | JUNK), min_size=1, max_size=40))
    def conserved(found_amounts: list[tuple[Decimal, str | None]]) -> None:
        # of a file without a usable row nothing is kept: it is refused
        amounts = [(Decimal("16800.00"), None), *found_amounts]
        cells = [junk or _written(amount, notation) for amount, junk in amounts]
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["tahun", "sumber_dana", "kelompok", "pagu", "nomor_dpa"])
        for number, cell in enumerate(cells):
            writer.writerow(["2026", "apbd_kab", "rt_rw", cell, f"A{number}"])
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "file").write_text(stream.getvalue(), "utf-8")
            slot = Slot("anggaran", AreaCode("64"), CoverageMonth(2026, 9))
            found = check_file(
                Settings(home=folder, threads=1), folder / "file", "f", slot, folder
            )
            kept = pq.read_table(folder / "accepted.parquet").to_pylist()
            held = pq.read_table(folder / "quarantined.parquet").to_pylist()
        truth = {number + 2: amount for number, (amount, _) in enumerate(amounts)}
        junk = {number + 2 for number, (_, word) in enumerate(amounts) if word}
        assert {row["source_row"] for row in held} >= junk
        assert not junk & {row["source_row"] for row in kept}
        assert found.received_count == len(kept) + len(held) == len(amounts)
        paid = sum((row["pagu"] for row in kept), Decimal(0))
        waiting = sum((truth[row["source_row"]] for row in held), Decimal(0))
        assert paid + waiting == sum(truth.values(), Decimal(0))

    conserved()
