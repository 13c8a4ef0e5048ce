"""Budgets, pledges and policies of the synthetic province, consistent with its lists.

A head is what the persons of one list with one payer cost in a year. Some regencies have
budgeted nothing, which is not the same as having sent nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from cakupan.core.month import CoverageMonth
from cakupan.core.rates import budget_needed, contribution
from cakupan.demo import words
from cakupan.demo.people import PROVINCE, regencies
from cakupan.demo.registries import GROUPS
from cakupan.demo.styles import PAYER_WORDS, STYLES, Style, days, rupiah
from cakupan.demo.tables import Table
from cakupan.demo.world import World

NOT_BUDGETED = ("64.07", "64.11")
REVISED_BUDGETS = ("64.02", "64.72", PROVINCE)  # sent again for the last month
PLEDGED = ("64.02", "64.08")
POLICIES = ("64.02", "64.08", "64.72", PROVINCE)
_GROUP_WORDS = {
    "pekerja_rentan": "Pekerja Rentan",
    "non_asn": "Tenaga Honorer",
    "aparatur_desa": "Perangkat Desa",
    "rt_rw": "Ketua RT/RW",
}
_WAGE = {"non_asn": 2_500_000, "aparatur_desa": 2_000_000}
_PROVINCE_PAYERS = frozenset({"apbd_prov"})
_NOT_A_BUDGET = frozenset({"csr", "mandiri"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of cells and the truth about it: rows per finding code."""

    cells: Table
    quarantined: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(next(iter(self.cells.values())))


def style_of(area: str) -> Style:
    """How an office writes; the province as plain CSV."""
    return STYLES.get(area, STYLES["64.01"])


def budget(world: World, area: str, month: CoverageMonth) -> Sheet:
    """Budget heads of an area and what was spent of them up to the month."""
    heads = [
        head
        for head in _heads(world, month)
        if (head[0] == area and head[2] not in _PROVINCE_PAYERS)
        or (area == PROVINCE and head[2] in _PROVINCE_PAYERS)
    ]
    style = style_of(area)
    totals: dict[tuple[str, str], int] = {}
    for _, group, payer, count in heads:
        totals[group, payer] = totals.get((group, payer), 0) + count
    groups = [group for group, _ in totals]
    payers = [payer for _, payer in totals]
    counts = list(totals.values())
    ceiling = [
        budget_needed(count, _cost(group, payer, month), 12)
        for (group, payer), count in totals.items()
    ]
    spent = [amount * month.month * 19 // 240 for amount in ceiling]
    sheet = Sheet(
        {
            "tahun": [str(month.year)] * len(counts),
            "sumber_dana": [PAYER_WORDS[p] if style.payers else p for p in payers],
            "kelompok": [_GROUP_WORDS[g] if style.headers else g for g in groups],
            "jumlah_orang": [str(count) for count in counts],
            "jumlah_bulan": ["12"] * len(counts),
            "pagu": rupiah(np.array(ceiling), style),
            "realisasi": rupiah(np.array(spent), style),
            "nomor_dpa": [f"DPA/CONTOH/{n + 1:02d}" for n in range(len(counts))],
        }
    )
    return _with_mistake(sheet, area)


#: sender -> column, cell, finding, and whether the row is held back
_MISTAKES = {
    "64.01": ("kelompok", "nelayan", "VALUE_UNKNOWN", True),
    "64.03": ("tahun", "", "VALUE_MISSING", True),
    "64.71": ("pagu", "dua miliar", "RUPIAH_INVALID", True),
    "64.74": ("jumlah_bulan", "0", "MONTH_COUNT_UNUSUAL", False),
}


def _with_mistake(sheet: Sheet, area: str) -> Sheet:
    """The last row of some senders has one mistake."""
    if area in _MISTAKES:
        column, cell, code, is_held = _MISTAKES[area]
        sheet.cells[column][-1] = cell
        (sheet.quarantined if is_held else sheet.reported)[code] += 1
    return sheet


def _heads(world: World, month: CoverageMonth) -> list[tuple[str, str, str, int]]:
    """Area, group, payer and persons listed."""
    number = month.year * 12 + month.month - 1
    found = []
    for index, area in enumerate(regencies()):
        for group in GROUPS:
            payers = world.registries[group].at(number, index).payer
            names, counts = np.unique(payers, return_counts=True)
            found += [
                (area, group, str(name), int(count))
                for name, count in zip(names, counts, strict=True)
                if name not in _NOT_A_BUDGET and area not in NOT_BUDGETED
            ]
    return found


def _cost(group: str, payer: str, month: CoverageMonth) -> int:
    """Rupiah per person-month, JKK and JKM."""
    wage = _WAGE.get(group)
    if wage is None:
        return contribution("BPU", month, payer=payer).total_rupiah
    due = contribution("PU", month, payer=payer, base=wage, risk_class=1)
    return due.total_rupiah


def pledges(world: World, area: str, month: CoverageMonth) -> Sheet:
    """What companies pledged for the vulnerable workers of a regency."""
    number = month.year * 12 + month.month - 1
    listed = world.registries["pekerja_rentan"].at(number, regencies().index(area))
    count = max(2, int((listed.payer == "csr").sum()))
    parts = [count - count // 2, count // 2, 10]
    style = style_of(area)
    cost = contribution("BPU", month, payer="csr").total_rupiah
    sheet = Sheet(
        {
            "perusahaan": list(words.COMPANIES[:3]),
            "kelompok": ["pekerja_rentan"] * 3,
            "jumlah_orang": [str(part) for part in parts],
            "jumlah_bulan": ["12"] * 3,
            "nilai": rupiah(np.array([part * cost * 12 for part in parts]), style),
            "nomor_pks": [f"PKS/CONTOH/{n}" for n in range(1, 4)],
        }
    )
    if area == PLEDGED[0]:
        sheet.cells["jumlah_orang"][-1] = "beberapa"
        sheet.quarantined["NUMBER_INVALID"] += 1
    return sheet


def policies(area: str, month: CoverageMonth) -> Sheet:
    """What an area decided, and until when."""
    year = month.year
    top = "pergub" if area == PROVINCE else "perbup"
    start = [dt.date(year - 2, 6, 13), dt.date(year, 1, 15), dt.date(year, 2, 3)]
    until = [None, dt.date(year, 12, 31), month.plus(2).last_day]
    style = style_of(area)
    sheet = Sheet(
        {
            "jenis": [top, "sk", "pks"],
            "nomor": [f"{n}/CONTOH/{day.year}" for n, day in enumerate(start, 1)],
            "tanggal": days(np.array(start, "M8[D]"), style),
            "berlaku_sampai": days(np.array(until, "M8[D]"), style),
            "tentang": [
                "Perlindungan pekerja rentan",
                "Penetapan penerima iuran",
                "Kerja sama perlindungan",
            ],
        }
    )
    if area == POLICIES[0]:
        sheet.cells["tanggal"][-1] = "31/02/2026"
        sheet.quarantined["DATE_INVALID"] += 1
    return sheet
