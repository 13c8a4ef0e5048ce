"""One regency's list of one month as a table of cells, before any mistake."""

from __future__ import annotations

from functools import cache

import numpy as np

from cakupan.core import areas
from cakupan.demo import words
from cakupan.demo.people import People, digits
from cakupan.demo.registries import POSITIONS, STATUSES, Registry
from cakupan.demo.styles import PAYER_WORDS, Style, days, rupiah, written_names

Table = dict[str, list[object]]


@cache
def _place(village: str) -> tuple[str, str]:
    return areas.name_of(village) or "", areas.name_of(village[:8]) or ""


def first_day(month: int) -> np.datetime64:
    """First day of a month counted from year 0."""
    return np.datetime64(f"{month // 12:04d}-{month % 12 + 1:02d}-01")


def table(
    group: str, entries: Registry, people: People, month: int, style: Style
) -> Table:
    """Cells of a list, by canonical column, in the order of the columns."""
    who = entries.person
    found: Table = {
        "nik": people.nik[who].tolist(),
        "nama": written_names(people.name[who], style),
        "tanggal_lahir": days(people.birth[who], style),
        "jenis_kelamin": np.where(
            people.is_woman[who], style.sex[1], style.sex[0]
        ).tolist(),
    }
    if group == "pekerja_rentan":
        found["alamat"] = [f"Jl. Contoh RT {n % 40 + 1:02d}" for n in entries.pick_b]
    if group != "non_asn":
        found |= _villages(entries, style)
    found |= _work(group, entries, month, style)
    payers = entries.payer.tolist()
    found["sumber_dana"] = [PAYER_WORDS[p] if style.payers else p for p in payers]
    since = np.array([first_day(max(m, month - 30)) for m in entries.join], "M8[D]")
    found["mulai"] = days(since, style)
    if group == "pekerja_rentan":
        phone = digits(entries.pick_b * 7919 + entries.pick_a, 8)
        found["no_hp"] = np.char.add("0800", phone).tolist()
    return found


def _villages(entries: Registry, style: Style) -> Table:
    codes = entries.village.tolist()
    if style.by_name:
        places = [_place(code) for code in codes]
        return {
            "desa": [place[0] for place in places],
            "kecamatan": [place[1] for place in places],
        }
    if style.dotted:
        return {"kode_desa": codes}
    return {"kode_desa": [code.replace(".", "") for code in codes]}


def _work(group: str, entries: Registry, month: int, style: Style) -> Table:
    if group == "non_asn":
        return {
            "unit_kerja": [
                words.OFFICES[n % len(words.OFFICES)] for n in entries.pick_a
            ],
            "jabatan": [words.DUTIES[n % len(words.DUTIES)] for n in entries.pick_b],
            "upah": rupiah(entries.income, style),
        }
    if group == "pekerja_rentan":
        status = np.minimum(entries.status + (entries.promoted <= month), 2)
        decided = status == 2
        decree = np.where(decided, "400.9/CONTOH/2026", "")
        decree_day = np.where(
            decided, np.datetime64("2026-01-15"), np.datetime64("NaT")
        )
        return {
            "pekerjaan": [words.JOBS[n % len(words.JOBS)] for n in entries.pick_a],
            "penghasilan": rupiah(entries.income, style),
            "status": [STATUSES[n] for n in status],
            "nomor_sk": decree.tolist(),
            "tanggal_sk": days(decree_day, style),
        }
    names = POSITIONS[group]
    if group == "aparatur_desa":
        rank = np.where(entries.pick_a == 0, 0, 1 + entries.pick_a % 2)
    else:
        rank = (entries.pick_a % 5 == 0).astype(int)
    return {"jabatan": [names[n] for n in rank]}
