"""The bias of the coverage count through the monthly job, on known truth.

A province month is made: a list with damaged rows and an extract in which some
participants have no NIK. Reconcile says who is active; truth says who is. Printed per
seed and level of damage: precision and recall of the links below the equal NIK, of all
links, and the bias of the count of active persons.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.worlds import Harm, province
from cakupan.core.area import AreaCode
from cakupan.core.engine import Session
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey, person_id
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.reconcile.linking import Leftover
from cakupan.reconcile.month import MonthInput, MonthInputs, reconcile_month
from cakupan.runs.linker import engine_linker

MONTH = CoverageMonth(2026, 9)
KEY = PersonKey.of("a key for measurements only, longer than 32 characters")
WITHOUT_NIK = 0.017
"""Share of participants whose row has no usable NIK, as in the demo."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one month gave.

    Attributes:
        active: persons counted as active.
        truly_active: accepted entries whose person truly is in the extract.
        links: links below the equal NIK, those of quarantined rows included.
        right: how many of them are right.
        possible: how many there were to find.
        wrong: links of all rungs that are wrong.
        review: persons who wait for a steward.
        seconds: of reconcile.
    """

    active: int
    truly_active: int
    links: int
    right: int
    possible: int
    wrong: int
    review: int
    seconds: float

    @property
    def bias(self) -> float:
        """Share by which the count is wrong."""
        return (self.active - self.truly_active) / max(1, self.truly_active)


def _is_usable(nik: str | None) -> bool:
    """Whether quality would let the row through: a number and a day."""
    if nik is None or len(nik) != 16 or not nik.isdigit() or nik.endswith("0000"):
        return False
    day, month = int(nik[6:8]) % 40, int(nik[8:10])
    return 1 <= day <= 31 and 1 <= month <= 12


def measure_month(
    seed: int,
    rows: int,
    linkable: int,
    absent: int,
    harm: Harm,
    folder: Path,
    threshold: float | None = None,
) -> Coverage:
    """Make a month, reconcile it and compare with the truth.

    ``threshold`` is that of ``reference/linkage.yml`` unless given.
    """

    def linker(connection: Session, leftover: Leftover) -> pa.Table:
        if threshold is not None:
            leftover = replace(leftover, threshold=threshold)
        return engine_linker(connection, leftover)

    world = province(seed, rows, linkable, absent, harm)
    random = np.random.default_rng(1000 + seed)
    truth = dict(world.truth)
    left = world.left.to_pylist()
    usable = [_is_usable(row["nik"]) for row in left]
    accepted = [row for row, fine in zip(left, usable, strict=True) if fine]
    damaged = [row for row, fine in zip(left, usable, strict=True) if not fine]
    entries = _entries(accepted, folder / "list.parquet", None)
    held = _entries(damaged, folder / "held.parquet", ["NIK_LENGTH"])
    right = world.right.to_pylist()
    lost = random.random(len(right)) < WITHOUT_NIK
    kpj = {row["id"]: f"26{at:09d}" for at, row in enumerate(right)}
    extract = _extract(right, lost, kpj, random, folder / "extract.parquet")
    started = time.perf_counter()
    reconcile_month(
        Settings(home=folder / "home", threads=2, memory_limit="2GB"),
        KEY,
        "64",
        MONTH,
        MonthInputs((
            MonthInput("list", Slot("pekerja_rentan", AreaCode("64"), MONTH),
                       entries, held),
            MonthInput("extract", Slot("bpjs_kepesertaan", AreaCode("64"), MONTH),
                       extract),
        )),
        folder / "out",
        linker,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    pseudonym = {
        row["id"]: person_id(KEY, f"kpj:{kpj[row['id']]}" if gone else row["nik"])
        for row, gone in zip(right, lost, strict=True)
    }
    return _compare(folder, accepted, damaged, truth, pseudonym, seconds)


def _compare(
    folder: Path,
    accepted: list[dict[str, Any]],
    damaged: list[dict[str, Any]],
    truth: dict[str, str],
    pseudonym: dict[str, Any],
    seconds: float,
) -> Coverage:
    at = {row["id"]: person_id(KEY, row["nik"]) for row in accepted}
    whose = {one: pseudonym[truth[row]] for row, one in at.items() if row in truth}
    links = pq.read_table(folder / "out/links.parquet").to_pylist()
    members = pq.read_table(
        folder / "out/participation.parquet", columns=["membership_id", "person_id"]
    ).to_pylist()
    owner = {row["membership_id"]: row["person_id"] for row in members}
    made = [row for row in links if row["link_state"] == "linked"]
    by_rung = [row for row in made if row["link_rule"] not in {"nik_equal"}]
    wrong_rung = sum(whose.get(r["person_id"]) != owner[r["membership_id"]]
                     for r in by_rung)  # fmt: skip
    wrong = sum(whose.get(r["person_id"]) != owner[r["membership_id"]] for r in made)
    held = {
        row["source_row"]: row["person_id"]
        for row in pq.read_table(folder / "out/discrepancies.parquet").to_pylist()
        if row["kind"] == "nik_invalid"
    }
    told = {row["id"]: held.get(number) for number, row in enumerate(damaged, start=2)}
    found = {row: one for row, one in told.items() if one is not None}
    hits = sum(pseudonym.get(truth.get(row, "")) == one for row, one in found.items())
    by_nik = {row["person_id"] for row in made if row["link_rule"] == "nik_equal"}
    possible = sum(one not in by_nik for one in whose) + sum(
        row["id"] in truth for row in damaged
    )
    states = pq.read_table(folder / "out/registry.parquet").to_pylist()
    return Coverage(
        active=sum(row["protection_state"] == "active" for row in states),
        truly_active=len(whose),
        links=len(by_rung) + len(found),
        right=len(by_rung) - wrong_rung + hits,
        possible=possible,
        wrong=wrong,
        review=sum(row["protection_state"] == "review" for row in states),
        seconds=seconds,
    )


def _entries(rows: list[dict[str, Any]], path: Path, codes: list[str] | None) -> Path:
    fine = codes is None
    columns: dict[str, pa.Array] = {
        "source_row": pa.array(range(2, len(rows) + 2), pa.int32()),
        "nik": pa.array([row["nik"] if fine else None for row in rows], pa.string()),
        "nama": pa.array([row["name"] for row in rows], pa.string()),
        "tanggal_lahir": pa.array([_day(row["birth_date"]) for row in rows],
                                  pa.date32()),
        "jenis_kelamin": pa.array([row["sex"] for row in rows], pa.string()),
        "kode_desa": pa.array([_village(row["village_code"]) for row in rows],
                              pa.string()),
        "sumber_dana": pa.array(["apbd_prov"] * len(rows), pa.string()),
        "umur": pa.array([40] * len(rows), pa.int32()),
    }  # fmt: skip
    if not fine:
        columns["codes"] = pa.array([codes] * len(rows), pa.list_(pa.string()))
    pq.write_table(pa.table(columns), path)
    return path


def _village(code: str) -> str:
    """As staging writes it: with dots."""
    digits = code.replace(".", "")
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        return None


def _extract(
    rows: list[dict[str, Any]],
    lost: np.ndarray[Any, Any],
    kpj: dict[str, str],
    random: np.random.Generator,
    path: Path,
) -> Path:
    size = len(rows)
    # only self-employed participants come with a village
    has_village = random.random(size) < 0.4
    text = {
        "kpj": [kpj[row["id"]] for row in rows],
        "nik": [None if gone else row["nik"]
                for row, gone in zip(rows, lost, strict=True)],
        "nama": [(row["name"] or "").upper() or None for row in rows],
        "jenis_kelamin": [row["sex"] for row in rows],
        "segmen": ["BPU" if one else "PU" for one in has_village],
        "sumber_iuran": ["mandiri"] * size,
        "status": ["aktif"] * size,
        "kode_kabkota": [row["village_code"][:5] for row in rows],
        "kode_desa": [row["village_code"] if one else None
                      for row, one in zip(rows, has_village, strict=True)],
        "status_periode": ["posting"] * size,
    }  # fmt: skip
    pq.write_table(
        pa.table(
            {name: pa.array(values, pa.string()) for name, values in text.items()}
            | {
                "source_row": pa.array(range(2, size + 2), pa.int32()),
                "tanggal_lahir": pa.array(
                    [_day(row["birth_date"]) for row in rows], pa.date32()
                ),
                "bulan_iuran_terakhir": pa.array([MONTH.first_day] * size, pa.date32()),
            }
        ),
        path,
    )
    return path


LEVELS = (
    ("5 % of NIKs, little else", Harm()),
    ("20 % of NIKs, much else",
     Harm(nik=0.2, name=0.35, birth_date=0.12, village=0.15, address=0.6)),
)  # fmt: skip


def print_months(
    seeds: int,
    rows: int,
    linkable: int,
    absent: int,
    case: str,
    threshold: float | None = None,
) -> None:
    """One line per level and seed."""
    print(
        "\n| month | seed | rung links | precision | recall | precision of all "
        "| active | truly | bias % | review | seconds |\n" + "|---" * 11 + "|"
    )
    for name, harm in LEVELS:
        if case not in f"month, {name}":
            continue
        for seed in range(1, seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                one = measure_month(
                    seed, rows, linkable, absent, harm, Path(folder), threshold
                )
            print(
                f"| month, {name} | {seed} | {one.links} "
                f"| {one.right / max(1, one.links):.4f} "
                f"| {one.right / max(1, one.possible):.4f} "
                f"| {1 - one.wrong / max(1, one.active):.5f} | {one.active} "
                f"| {one.truly_active} | {100 * one.bias:+.3f} | {one.review} "
                f"| {one.seconds:.0f} |",
                flush=True,
            )
