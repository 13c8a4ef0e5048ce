"""Payments, claims and matches of the synthetic province, consistent with its members."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pyarrow as pa

from cakupan.core.month import CoverageMonth
from cakupan.core.rates import contribution, sector_class_of
from cakupan.demo import words
from cakupan.demo.memberships import Memberships
from cakupan.demo.money import Sheet
from cakupan.demo.people import Array, digits
from cakupan.demo.world import World

_PROGRAMMES = ("JKK", "JKM", "JHT", "JP", "JKP")
# upper bounds of the draw `luck`: one mistake each, as in the extract
_NO_KPJ, _NO_AMOUNT, _NO_MONTH, _TWICE, _NO_PAYER = 0.0005, 0.004, 0.006, 0.008, 0.03
_DEATHS, _ACCIDENTS = 0.0006, 0.0008  # shares of the members in a month


def payments(world: World, month: CoverageMonth) -> tuple[pa.Table, Counter[str]]:
    """Rows of ``bpjs_iuran``: the contributions paid in a month, PU and BPU.

    Construction is paid per project and migrants once per contract: neither is a
    person-month.

    Returns:
        All columns as text, and how many rows must be quarantined, by finding.
    """
    number = _number(month)
    members, rows, paid = world.memberships.at(number)
    before = np.maximum(
        np.minimum(number - 1 - members.lag, members.stop), members.start
    )
    is_paid = ((paid > before) | (members.start == number)) & np.isin(
        members.segment, ["PU", "BPU"]
    )
    chosen = np.flatnonzero(is_paid)
    members, rows, paid = members.take(chosen), rows[chosen], paid[chosen]
    luck = members.luck
    amounts = _amounts(members, paid)
    day = np.datetime64(month.first_day) + (luck * 14).astype(int)
    payer = members.payer.astype("U12")
    columns = {
        "kpj": np.where(luck < _NO_KPJ, "", world.memberships.kpj()[rows]),
        "bulan_iuran": np.where(
            (luck >= _NO_AMOUNT) & (luck < _NO_MONTH), "belum", _month_text(paid)
        ),
        "sumber_iuran": np.where(
            (luck >= _TWICE) & (luck < _NO_PAYER), "sponsor", payer
        ),
        **{
            f"{name.lower()}_rupiah": amounts[:, i].astype("U12")
            for i, name in enumerate(_PROGRAMMES)
        },
        "tanggal_bayar": np.datetime_as_string(day, unit="D"),
    }
    unreadable = (luck >= _NO_KPJ) & (luck < _NO_AMOUNT)
    columns["jkk_rupiah"] = np.where(unreadable, "lunas", columns["jkk_rupiah"])
    table = pa.table({name: pa.array(cells) for name, cells in columns.items()})
    again = np.flatnonzero((luck >= _NO_MONTH) & (luck < _TWICE))
    table = pa.concat_tables([table, table.take(pa.array(again))]).combine_chunks()
    held = Counter(
        KPJ_MISSING=int((luck < _NO_KPJ).sum()),
        RUPIAH_INVALID=int(unreadable.sum()),
        MONTH_INVALID=int(((luck >= _NO_AMOUNT) & (luck < _NO_MONTH)).sum()),
        DUPLICATE_ROW=len(again),
    )
    return table, +held


def _number(month: CoverageMonth) -> int:
    return month.year * 12 + month.month - 1


def _month_text(months: Array) -> Array:
    year, number = digits(months // 12, 4), digits(months % 12 + 1, 2)
    return np.char.add(np.char.add(year, "-"), number)


def _amounts(members: Memberships, paid: Array) -> Array:
    """Rupiah per membership and programme."""
    sector = (members.luck * 997).astype(int) % len(words.SECTORS)
    held = (members.jht * 4 + members.jp * 2 + members.jkp).astype(int)
    keys = zip(
        members.segment.tolist(),
        members.payer.tolist(),
        sector.tolist(),
        held.tolist(),
        members.wage.tolist(),
        paid.tolist(),
        strict=True,
    )
    found = [_due(*key) for key in keys]
    return np.array(found).reshape(len(found), len(_PROGRAMMES))


@cache
def _due(
    segment: str, payer: str, sector: int, held: int, wage: int, paid: int
) -> tuple[int, ...]:
    has = {"JHT": held & 4, "JP": held & 2, "JKP": held & 1}
    if segment == "BPU":
        has |= {"JP": 0, "JKP": 0}
    due = contribution(
        segment,
        CoverageMonth(paid // 12, paid % 12 + 1),
        payer=payer,
        sector_class=sector_class_of(words.SECTORS[sector]),
        base=wage,
        programmes=[name for name in _PROGRAMMES if has.get(name, 1)],
        risk_class=2 if segment == "PU" else None,
    ).by_programme
    return tuple(due.get(name, 0) for name in _PROGRAMMES)


def deaths(world: World, seed: int, month: CoverageMonth) -> Array:
    """Members (their numbers) who die in a month."""
    random = np.random.default_rng([seed, 4, _number(month)])
    _, rows, _ = world.memberships.at(_number(month))
    count = max(2, round(len(rows) * _DEATHS))
    return np.sort(random.choice(rows, count, replace=False))


def claims(world: World, seed: int, month: CoverageMonth) -> Sheet:
    """Rows of ``bpjs_klaim``: deaths of the month, and some accidents."""
    random = np.random.default_rng([seed, 5, _number(month)])
    dead = deaths(world, seed, month)
    _, rows, _ = world.memberships.at(_number(month))
    hurt = np.sort(random.choice(rows, max(2, round(len(rows) * _ACCIDENTS)), False))
    every = np.concatenate([dead, hurt])
    members = world.memberships.take(every)
    is_death = np.arange(len(every)) < len(dead)
    young = _number(month) - members.start < 3
    amount = np.where(young, 10_000_000, 42_000_000)
    amount = np.where(is_death, amount, random.integers(10, 90, len(every)) * 125_000)
    event = np.datetime64(month.first_day) + random.integers(0, 20, len(every))
    paid = np.datetime64(month.last_day)
    cells = {
        "nomor_klaim": [f"KLM-{month}-{n:05d}" for n in range(1, len(every) + 1)],
        "kpj": world.memberships.kpj()[every].tolist(),
        "nik": world.people.nik[members.person].tolist(),
        "program": np.where(is_death, "JKM", "JKK").tolist(),
        "tanggal_kejadian": np.datetime_as_string(event, unit="D").tolist(),
        "tanggal_bayar": [str(paid)] * len(every),
        "jumlah": amount.astype("U12").tolist(),
        "penerima": ["CONTOH AHLI WARIS" if dies else "" for dies in is_death],
    }
    sheet = Sheet(cells)
    cells["jumlah"][0] = "36000000"
    sheet.reported["BENEFIT_AMOUNT_UNUSUAL"] += 1
    cells["program"][-1] = "JPK"
    sheet.quarantined["VALUE_UNKNOWN"] += 1
    return sheet


def matches(world: World, seed: int, months: tuple[CoverageMonth, ...]) -> Sheet:
    """Rows of ``dukcapil_padan``: some vulnerable workers, and who died."""
    random = np.random.default_rng([seed, 6])
    persons = np.unique(world.registries["pekerja_rentan"].person)
    asked = np.sort(random.choice(persons, max(10, len(persons) // 20), replace=False))
    gone = [world.memberships.person[deaths(world, seed, month)] for month in months]
    dead = np.unique(np.concatenate(gone))
    asked = np.setdiff1d(asked, dead)
    every = np.concatenate([dead, asked])
    alive = np.where(random.random(len(asked)) < 0.02, "Tidak Padan", "Padan")
    status = ["Meninggal"] * len(dead) + alive.tolist()
    nik = world.people.nik[every].tolist()
    day = months[-1].last_day.strftime("%d/%m/%Y")
    sheet = Sheet({"nik": nik, "status": status, "tanggal": [day] * len(every)})
    for row in range(len(dead), len(every), 25):
        nik[row] = nik[row][:15]
        sheet.quarantined["NIK_LENGTH"] += 1
    return sheet
