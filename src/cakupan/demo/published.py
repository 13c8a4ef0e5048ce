"""Files built to give figures that were published, exactly.

The people are invented; the counts are those of the sources. Each figure comes with
rows that must not count: lapsed memberships, and second memberships of one person.

Sources: Biro Administrasi Pimpinan Kalimantan Tengah 2022 (62); Teropongnews 2023
(93.01); kutaitimurkab.go.id 2025-07-29 (64.08).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.demo import people as folk
from cakupan.demo.extract import write_extract
from cakupan.demo.generate import DemoFile
from cakupan.demo.styles import STYLES
from cakupan.demo.writers import Rows, write


@dataclass(frozen=True, slots=True)
class Published:
    """A published share and what it is made of.

    Attributes:
        area_code: whom it is about.
        month: the month the files are made for.
        segment: ``PU`` or ``BPU``; ``aparatur_desa`` where villages are counted.
        count: persons (villages) covered.
        of: denominator.
        pct: share in percent, two decimals.
    """

    area_code: str
    month: str
    segment: str
    count: int
    of: int
    pct: str


KALTENG_PU = Published("62", "2022-09", "PU", 239_430, 446_948, "53.57")
KALTENG_BPU = Published("62", "2022-09", "BPU", 39_286, 462_188, "8.50")
MERAUKE = Published("93.01", "2023-06", "aparatur_desa", 29, 179, "16.20")
KUTAI_TIMUR_BPU = Published("64.08", "2024-12", "BPU", 77_074, 51_086, "150.87")
KUTAI_TIMUR_PU = Published("64.08", "2024-12", "PU", 69_528, 79_691, "87.25")
FIGURES = (KALTENG_PU, KALTENG_BPU, MERAUKE, KUTAI_TIMUR_BPU, KUTAI_TIMUR_PU)

_LAPSED, _TWICE = 700, 300  # rows beside each segment that must not count
_PER_KAMPUNG = 4


def write_published(target: Path) -> tuple[DemoFile, ...]:
    """Write the files of all figures below ``target/landing``.

    Serve provinces 62, 64 and 93 to take them. About 430,000 rows.
    """
    random = np.random.default_rng(2022)
    steps: tuple[Callable[[Path, np.random.Generator], list[DemoFile]], ...] = (
        _kalimantan_tengah,
        _merauke,
        _kutai_timur,
    )
    return tuple(found for step in steps for found in step(target, random))


def _kalimantan_tengah(target: Path, random: np.random.Generator) -> list[DemoFile]:
    counts = {"PU": KALTENG_PU.count, "BPU": KALTENG_BPU.count}
    source = "Biro Administrasi Pimpinan Setda Kalimantan Tengah 2022"
    return [
        _snapshot(
            target,
            random,
            "62",
            KALTENG_PU.month,
            regencies=areas.regencies("62"),
            counts=counts,
        ),
        _denominators(target, "62", (KALTENG_PU, KALTENG_BPU), "31/08/2022", source),
    ]


def _kutai_timur(target: Path, random: np.random.Generator) -> list[DemoFile]:
    counts = {"PU": KUTAI_TIMUR_PU.count, "BPU": KUTAI_TIMUR_BPU.count}
    month, source = KUTAI_TIMUR_BPU.month, "Pemkab Kutai Timur 2025"
    figures = (KUTAI_TIMUR_PU, KUTAI_TIMUR_BPU)
    return [
        _snapshot(target, random, "64", month, regencies=("64.08",), counts=counts),
        _denominators(target, "64", figures, "31/12/2024", source),
    ]


def _merauke(target: Path, random: np.random.Generator) -> list[DemoFile]:
    """All 179 kampung send their apparatus; 29 insure them, 11 have lapsed."""
    kampung = folk.villages_of(MERAUKE.area_code, areas.DESA_KINDS)
    village = np.repeat(kampung, _PER_KAMPUNG)
    who = _persons(random, village)
    titles = np.array(["Kepala Kampung", "Perangkat Kampung", "Bamuskam", "Bamuskam"])
    rows: Rows = [
        [
            "NIK",
            "Nama",
            "Tanggal Lahir",
            "L/P",
            "Kode Kampung",
            "Jabatan",
            "Sumber Dana",
        ],
        *map(
            list,
            zip(
                who.nik.tolist(),
                np.char.upper(who.name).tolist(),
                np.datetime_as_string(who.birth.astype("M8[D]"), unit="D").tolist(),
                np.where(who.is_woman, "P", "L").tolist(),
                village.tolist(),
                titles[np.arange(len(village)) % _PER_KAMPUNG].tolist(),
                ["dana kampung"] * len(village),
                strict=True,
            ),
        ),
    ]
    slot = _slot("aparatur_desa", MERAUKE.area_code, MERAUKE.month)
    path = _place(target, slot, "xlsx")
    write(path, rows, STYLES["64.02"])
    number = np.repeat(np.arange(len(kampung)), _PER_KAMPUNG)
    insured = np.flatnonzero(number % 6 == 1)[: MERAUKE.count * _PER_KAMPUNG]
    lapsed = np.flatnonzero(number % 6 == 3)[: 11 * _PER_KAMPUNG]
    month = CoverageMonth.parse(MERAUKE.month)
    paid = [month] * len(insured) + [month.plus(-5)] * len(lapsed)
    who_rows = np.concatenate([insured, lapsed])
    table = _table(who, who_rows, "PU", paid, code=MERAUKE.area_code)
    extract = _slot("bpjs_kepesertaan", "93", MERAUKE.month)
    extract_path = _place(target, extract, "parquet")
    write_extract(table, extract_path)
    return [
        _file(path, slot, len(village)),
        _file(extract_path, extract, table.num_rows),
    ]


def _snapshot(
    target: Path,
    random: np.random.Generator,
    province: str,
    month: str,
    *,
    regencies: tuple[str, ...],
    counts: dict[str, int],
) -> DemoFile:
    """An extract with so many active persons per segment, over some regencies."""
    when = CoverageMonth.parse(month)
    tables: list[pa.Table] = []
    taken = np.empty(0, dtype="U16")
    written = 0
    for segment, count in counts.items():
        total = count + _LAPSED
        homes = np.arange(total) % len(regencies)
        villages = [folk.villages_of(code) for code in regencies]
        firsts = np.array([found[0] for found in villages])
        village = firsts[homes]
        for index, found in enumerate(villages):
            here = homes == index
            village[here] = folk.pick(random, found, int(here.sum()))
        who = _persons(random, village, taken)
        taken = np.concatenate([taken, who.nik])
        # active: paid up, or in grace for one or two months
        unpaid = np.where(np.arange(total) % 50 < 47, 0, np.arange(total) % 50 - 46)
        unpaid = np.minimum(unpaid, 2)
        unpaid[count:] = 3 + np.arange(_LAPSED) % 5
        rows = np.concatenate([np.arange(total), np.arange(_TWICE)])
        paid = [when.plus(-int(n)) for n in unpaid[rows]]
        codes = np.array(regencies)[homes[rows]]
        tables.append(
            _table(who, rows, segment, paid, code=codes, first_kpj=written + 1)
        )
        written += len(rows)
    slot = _slot("bpjs_kepesertaan", province, month)
    path = _place(target, slot, "parquet")
    whole = pa.concat_tables(tables)
    write_extract(whole, path)
    return _file(path, slot, whole.num_rows)


def _persons(
    random: np.random.Generator, village: folk.Array, taken: folk.Array | None = None
) -> folk.People:
    nobody = np.empty(0, dtype="U16")
    where = np.zeros(len(village), dtype=int)
    return folk.people(random, where, village, nobody if taken is None else taken)


def _table(
    who: folk.People,
    rows: folk.Array,
    segment: str,
    paid: list[CoverageMonth],
    *,
    code: str | folk.Array,
    first_kpj: int = 1,
) -> pa.Table:
    """Extract rows of persons: PU with JKK, JKM and JHT, others with JKK and JKM."""
    size = len(rows)
    return pa.table(
        {
            "kpj": np.char.add("19", folk.digits(first_kpj + np.arange(size), 9)),
            "nik": who.nik[rows],
            "nama": np.char.upper(who.name[rows]),
            "tanggal_lahir": np.datetime_as_string(
                who.birth[rows].astype("M8[D]"), unit="D"
            ),
            "segmen": [segment] * size,
            "jkk": ["Y"] * size,
            "jkm": ["Y"] * size,
            "jht": ["Y" if segment == "PU" else "T"] * size,
            "bulan_iuran_terakhir": [str(month) for month in paid],
            "kode_kabkota": [code] * size if isinstance(code, str) else code,
            "skema_kode": ["kemendagri"] * size,
            "status_periode": ["posting"] * size,
        }
    )


def _denominators(
    target: Path, area: str, figures: tuple[Published, ...], day: str, source: str
) -> DemoFile:
    header = "kode_wilayah segmen definisi jumlah_orang sumber tanggal_acuan"
    rows: Rows = [list(header.split())]
    for one in figures:
        cells = one.area_code, one.segment, "bpjs_potensi", str(one.of), source, day
        rows.append(list(cells))
    slot = _slot("penyebut", area, figures[0].month)
    path = _place(target, slot, "csv")
    write(path, rows, STYLES["64.01"])
    return _file(path, slot, len(figures))


def _slot(dataset: str, area: str, month: str) -> Slot:
    return Slot(dataset, AreaCode.parse(area), CoverageMonth.parse(month))


def _place(target: Path, slot: Slot, suffix: str) -> Path:
    folder = target.joinpath("landing", slot.dataset, str(slot.area), str(slot.month))
    return folder / f"{slot.dataset}_{slot.area}_{slot.month}.{suffix}"


def _file(path: Path, slot: Slot, rows: int) -> DemoFile:
    due = slot.month.plus(1)
    stored_at = dt.datetime(due.year, due.month, 5, 1, tzinfo=dt.UTC)
    return DemoFile(path, slot, stored_at, "accepted", False, rows)
