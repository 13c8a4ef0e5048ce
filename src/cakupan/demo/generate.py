"""Write the files a synthetic East Kalimantan sends, and what must come out of them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from cakupan.core.area import AreaCode
from cakupan.core.areas import has_desa, name_of
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.demo import money, payments, reference, words
from cakupan.demo.extract import extract, write_extract
from cakupan.demo.mistakes import make
from cakupan.demo.people import PROVINCE, regencies
from cakupan.demo.registries import GROUPS
from cakupan.demo.styles import HEADERS, STYLES, Style
from cakupan.demo.tables import Table, table
from cakupan.demo.world import World, build
from cakupan.demo.writers import Rows, write

DIRTY_SHARE = 0.05
LATE_REGENCY = "64.11"  # its files of the last month come on the 20th
REFUSED = ("64.03", "pekerja_rentan")  # last month: the column NIK is missing
NIL = ("64.74", "rt_rw")  # middle month: nothing to report
SILENT = ("64.07", "rt_rw")  # never sends this list
REVISED = ("64.08", "pekerja_rentan")  # last month: sends a second, longer file
_WITA = ZoneInfo("Asia/Makassar")
_TITLES = {
    "pekerja_rentan": "DAFTAR PEKERJA RENTAN",
    "non_asn": "DAFTAR PEGAWAI NON-ASN",
    "aparatur_desa": "DAFTAR APARATUR DESA",
    "rt_rw": "DAFTAR KETUA RT DAN RW",
    "anggaran": "ANGGARAN IURAN JAMINAN SOSIAL KETENAGAKERJAAN",
    "csr": "DUKUNGAN IURAN DARI PERUSAHAAN",
    "kebijakan": "KEBIJAKAN JAMINAN SOSIAL KETENAGAKERJAAN",
}


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file of the demo and the truth about it. Counts are rows.

    Attributes:
        path: where it lies.
        slot: what it is about.
        stored_at: when it arrives, UTC.
        state: ``accepted`` or ``refused``, how it must end.
        is_nil: it says there is nothing.
        row_count: data rows in it, without header, titles and totals.
        quarantined: rows that must be held back, by finding code.
        reported: rows accepted with a finding that was planted, by code.
    """

    path: Path
    slot: Slot
    stored_at: dt.datetime
    state: str
    is_nil: bool
    row_count: int
    quarantined: dict[str, int] = field(default_factory=dict)
    reported: dict[str, int] = field(default_factory=dict)

    @property
    def accepted_count(self) -> int:
        """Rows that must go on."""
        held = sum(self.quarantined.values())
        return self.row_count - held if self.state == "accepted" else 0


@dataclass(frozen=True, slots=True)
class DemoProvince:
    """What :func:`generate` wrote: files in the order they arrive."""

    target: Path
    months: tuple[CoverageMonth, ...]
    files: tuple[DemoFile, ...]
    missing: tuple[Slot, ...]

    @property
    def manifest(self) -> Path:
        """The same as JSON."""
        return self.target / "manifest.json"


def generate(
    target: Path,
    *,
    months: int = 3,
    scale: float = 1.0,
    seed: int = 64,
    last_month: str = "2026-09",
) -> DemoProvince:
    """Write a synthetic province into ``target/landing`` and a manifest beside it.

    Args:
        target: folder; files of the same name are replaced.
        months: how many months up to ``last_month``.
        scale: 1.0 is about 12,000 listed persons and 40,000 memberships a month.
        seed: the same arguments give the same bytes.
        last_month: ``YYYY-MM``.

    Raises:
        UsageError: ``last_month`` is not a month.
    """
    last = CoverageMonth.parse(last_month)
    wanted = tuple(
        last.plus(step - max(1, months) + 1) for step in range(max(1, months))
    )
    world = build(seed, scale, tuple(m.year * 12 + m.month - 1 for m in wanted))
    files = [*_reference_files(target, wanted[0], scale)]
    missing: list[Slot] = []
    for number, month in enumerate(wanted):
        for area in regencies():
            for group in GROUPS:
                slot = Slot(group, AreaCode(area), month)
                if group == "aparatur_desa" and not has_desa(area):
                    continue
                if (area, group) == SILENT:
                    missing.append(slot)
                    continue
                files += _registry_files(target, world, slot, number, seed)
        files.append(_extract_file(target, world, wanted, number))
        files += _bpjs_files(target, world, month, seed)
    files += _funding_files(target, world, wanted, seed)
    files.sort(key=lambda found: (found.stored_at, str(found.slot), found.path.name))
    province = DemoProvince(target, wanted, tuple(files), tuple(missing))
    province.manifest.write_text(_as_json(province, seed, scale), "utf-8")
    return province


def _place(target: Path, slot: Slot, suffix: str, note: str = "") -> Path:
    folder = target.joinpath("landing", slot.dataset, str(slot.area), str(slot.month))
    return folder / f"{slot.dataset}_{slot.area}_{slot.month}{note}.{suffix}"


def _arrives(
    month: CoverageMonth, day: int, hour: int = 9, minute: int = 0
) -> dt.datetime:
    following = month.plus(1)
    local = dt.datetime(
        following.year, following.month, day, hour, minute, tzinfo=_WITA
    )
    return local.astimezone(dt.UTC)


def _registry_files(
    target: Path, world: World, slot: Slot, number: int, seed: int
) -> list[DemoFile]:
    """The files of one slot: one, or two when it is revised."""
    area, group = str(slot.area), slot.dataset
    style, index = STYLES[area], regencies().index(area)
    month, is_last = world.months[number], number == len(world.months) - 1
    day = 20 if is_last and area == LATE_REGENCY else 3 + index % 7
    stored_at = _arrives(slot.month, day, 8 + index % 7, 7 * GROUPS.index(group))
    path = _place(target, slot, style.suffix)
    if (area, group) == NIL and not is_last and number == len(world.months) // 2:
        header: list[object] = [HEADERS[name][style.headers] for name in _NIL_COLUMNS]
        write(path, [header, ["NIHIL"]], style)
        return [DemoFile(path, slot, stored_at, "accepted", True, 0)]
    random = np.random.default_rng([seed, 2, month, index, GROUPS.index(group)])
    entries = world.registries[group].at(month, index)
    cells = table(group, entries, world.people, month, style)
    files: list[DemoFile] = []
    if is_last and (area, group) == REVISED:
        early = {name: column[: len(column) * 4 // 5] for name, column in cells.items()}
        write(path, _sheet(early, slot, style), style)
        files.append(
            DemoFile(path, slot, stored_at, "accepted", False, len(early["nik"]))
        )
        path = _place(target, slot, style.suffix, "_revisi")
        stored_at += dt.timedelta(days=1, hours=3)
    made = make(random, cells, style, DIRTY_SHARE)
    rows, state = len(cells["nik"]), "accepted"
    if is_last and (area, group) == REFUSED:
        del cells["nik"]
        state = "refused"
    write(path, _sheet(cells, slot, style), style)
    held, told = dict(made.quarantined), dict(made.reported)
    if state == "refused":
        held, told = {}, {}
    return [*files, DemoFile(path, slot, stored_at, state, False, rows, held, told)]


_NIL_COLUMNS = ("nik", "nama", "tanggal_lahir", "jenis_kelamin", "kode_desa", "jabatan")


def _sheet(cells: Table, slot: Slot, style: Style) -> Rows:
    """Header, titles, running numbers and totals around the cells of a list."""
    header: list[object] = [HEADERS[name][style.headers] for name in cells]
    rows: Rows = [list(row) for row in zip(*cells.values(), strict=True)]
    if not style.preamble:
        body = [header, *rows]
    else:
        office = (name_of(str(slot.area)) or "").upper()
        when = f"{words.MONTHS[slot.month.month - 1]} {slot.month.year}"
        body = [
            [f"PEMERINTAH {office}"],
            [f"{_TITLES[slot.dataset]} \N{EN DASH} BULAN {when.upper()}"],
            [],
            ["No.", *header],
            *([str(number), *row] for number, row in enumerate(rows, start=1)),
        ]
    if style.totals:
        body.append(["JUMLAH", *[""] * (len(header) - 2), str(len(rows))])
    return body


def _extract_file(
    target: Path, world: World, months: tuple[CoverageMonth, ...], number: int
) -> DemoFile:
    """The BPJS extract; the second month comes as CSV with BPS codes, declared."""
    slot = Slot("bpjs_kepesertaan", AreaCode(PROVINCE), months[number])
    is_bps = number == 1 and len(months) > 2
    is_last = number == len(months) - 1
    rows, held = extract(world, world.months[number], is_bps, not is_last)
    path = _place(target, slot, "csv" if is_bps else "parquet")
    write_extract(rows, path)
    stored_at = _arrives(slot.month, 12, 14)
    return DemoFile(path, slot, stored_at, "accepted", False, rows.num_rows, dict(held))


def _bpjs_files(
    target: Path, world: World, month: CoverageMonth, seed: int
) -> list[DemoFile]:
    """Payments and claims of a month."""
    slot = Slot("bpjs_iuran", AreaCode(PROVINCE), month)
    rows, held = payments.payments(world, month)
    path = _place(target, slot, "parquet")
    write_extract(rows, path)
    stored_at = _arrives(month, 12, 15)
    paid = DemoFile(path, slot, stored_at, "accepted", False, rows.num_rows, dict(held))
    claimed = payments.claims(world, seed, month)
    return [paid, _sheet_file(target, "bpjs_klaim", PROVINCE, month, claimed)]


def _funding_files(
    target: Path, world: World, months: tuple[CoverageMonth, ...], seed: int
) -> list[DemoFile]:
    """Budgets, pledges, policies with the first month; revisions with the last."""
    first, last = months[0], months[-1]
    budgeting = [a for a in (*regencies(), PROVINCE) if a not in money.NOT_BUDGETED]
    wanted = [("anggaran", a, first, money.budget(world, a, first)) for a in budgeting]
    if last != first:
        wanted += [
            ("anggaran", area, last, money.budget(world, area, last))
            for area in money.REVISED_BUDGETS
        ]
    wanted += [("csr", a, first, money.pledges(world, a, first)) for a in money.PLEDGED]
    wanted += [
        ("kebijakan", a, first, money.policies(a, first)) for a in money.POLICIES
    ]
    found = payments.matches(world, seed, months)
    wanted.append(("dukcapil_padan", PROVINCE, last, found))
    return [_sheet_file(target, *one) for one in wanted]


def _sheet_file(
    target: Path, dataset: str, area: str, month: CoverageMonth, sheet: money.Sheet
) -> DemoFile:
    slot, style = Slot(dataset, AreaCode(area), month), money.style_of(area)
    path = _place(target, slot, style.suffix)
    write(path, _sheet(sheet.cells, slot, style), style)
    return DemoFile(
        path,
        slot,
        _arrives(month, 5, 11, len(dataset)),
        "accepted",
        False,
        len(sheet),
        dict(sheet.quarantined),
        dict(sheet.reported),
    )


def _reference_files(
    target: Path, month: CoverageMonth, scale: float
) -> list[DemoFile]:
    """Demo denominators and targets, sent once with the first month."""
    found: list[DemoFile] = []
    for dataset, rows in (
        ("penyebut", reference.denominator_rows(scale)),
        ("target", reference.target_rows(month.year, scale)),
    ):
        slot = Slot(dataset, AreaCode(PROVINCE), month)
        path = _place(target, slot, "csv")
        write(path, rows, STYLES["64.01"])
        stored_at = _arrives(month, 2, 10)
        found.append(DemoFile(path, slot, stored_at, "accepted", False, len(rows) - 1))
    return found


def _as_json(province: DemoProvince, seed: int, scale: float) -> str:
    files = [
        {
            "path": str(found.path.relative_to(province.target)),
            "dataset": found.slot.dataset,
            "area": str(found.slot.area),
            "month": str(found.slot.month),
            "stored_at": found.stored_at.isoformat(),
            "state": found.state,
            "is_nil": found.is_nil,
            "row_count": found.row_count,
            "accepted_count": found.accepted_count,
            "quarantined": dict(sorted(found.quarantined.items())),
            "reported": dict(sorted(found.reported.items())),
        }
        for found in province.files
    ]
    whole = {
        "seed": seed,
        "scale": scale,
        "months": [str(month) for month in province.months],
        "missing": [str(slot) for slot in province.missing],
        "files": files,
    }
    return json.dumps(whole, indent=1) + "\n"


def read_manifest(target: Path) -> DemoProvince:
    """What an earlier :func:`generate` wrote into a folder."""
    raw = json.loads((target / "manifest.json").read_text("utf-8"))

    def slot(dataset: str, area: str, month: str) -> Slot:
        return Slot(dataset, AreaCode.parse(area), CoverageMonth.parse(month))

    files = tuple(
        DemoFile(
            path=target / one["path"],
            slot=slot(one["dataset"], one["area"], one["month"]),
            stored_at=dt.datetime.fromisoformat(one["stored_at"]),
            state=one["state"],
            is_nil=one["is_nil"],
            row_count=one["row_count"],
            quarantined=one["quarantined"],
            reported=one["reported"],
        )
        for one in raw["files"]
    )
    return DemoProvince(
        target=target,
        months=tuple(CoverageMonth.parse(month) for month in raw["months"]),
        files=files,
        missing=tuple(slot(*text.split("/")) for text in raw["missing"]),
    )
