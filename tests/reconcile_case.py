"""Accepted rows of a month, built by hand, and what reconcile makes of them.

Rows are dictionaries of canonical columns; what is left out takes the default of a
synthetic person. Files are written as quality writes them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cakupan.core.area import AreaCode
from cakupan.core.contracts import contract
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey, person_id
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.reconcile.inputs import Decision
from cakupan.reconcile.linking import Linker
from cakupan.reconcile.month import MonthInput, MonthInputs, reconcile_month
from cakupan.runs.linker import engine_linker
from engines import IS_SPARK, run_on_engines

MONTH = CoverageMonth(2026, 9)
KEY = PersonKey.of("a key for tests only, thirty-two characters long")
PROVINCE = "64"

Row = Mapping[str, Any]

_ARROW = {
    "date": pa.date32(),
    "month": pa.date32(),
    "rupiah": pa.decimal128(18, 2),
    "count": pa.int64(),
    "year": pa.int32(),
    "decimal": pa.float64(),
    "flag": pa.bool_(),
}
_DERIVED = {"umur": pa.int32(), "kode_desa": pa.string(), "nik__note": pa.string()}


def nik(number: int) -> str:
    """A NIK of nobody."""
    return f"64020101018{number:05d}"


def kpj(number: int) -> str:
    """A KPJ of nobody."""
    return f"26{number:09d}"


def person(number: int) -> str:
    """The pseudonym of :func:`nik`, as text."""
    return str(person_id(KEY, nik(number)))


def day(text: str | None) -> dt.date | None:
    """``YYYY-MM`` or ``YYYY-MM-DD`` as a date."""
    if text is None:
        return None
    return dt.date.fromisoformat(text if len(text) == 10 else f"{text}-01")


def entry(number: int, **values: Any) -> dict[str, Any]:
    """An accepted row of a registry about person ``number``."""
    return {
        "nik": nik(number),
        "nama": f"Orang Contoh {chr(65 + number % 26) * 4}",
        "tanggal_lahir": dt.date(1980, 1 + number % 12, 2 + number % 26),
        "jenis_kelamin": "L",
        "umur": 46,
        "sumber_dana": "apbd_kab",
    } | values


def membership(number: int, **values: Any) -> dict[str, Any]:
    """An accepted row of an extract about person ``number``: paid in full."""
    same = entry(number)
    return {
        "kpj": kpj(number),
        "nik": same["nik"],
        "nama": same["nama"].upper(),
        "tanggal_lahir": same["tanggal_lahir"],
        "jenis_kelamin": "L",
        "segmen": "BPU",
        "jkk": True,
        "jkm": True,
        "jht": False,
        "jp": False,
        "jkp": False,
        "sumber_iuran": "apbd_kab",
        "tanggal_kepesertaan": dt.date(2025, 1, 15),
        "bulan_iuran_terakhir": dt.date(2026, 9, 1),
        "status": "aktif",
        "kode_kabkota": "64.02",
        "status_periode": "posting",
    } | values


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission in force; ``rows`` of ``None`` is a nil report."""

    dataset: str
    area: str
    rows: Sequence[Row] | None
    month: CoverageMonth = MONTH
    quarantined: Sequence[Row] = ()
    attempt: int = 1

    @property
    def submission_id(self) -> str:
        return f"{self.dataset}-{self.area}-{self.month}-{self.attempt:03d}"


def rentan(area: str, *rows: Row, **more: Any) -> Sent:
    """A registry of vulnerable workers."""
    return Sent("pekerja_rentan", area, rows, **more)


def extract(*rows: Row, area: str = "64", **more: Any) -> Sent:
    """An extract of BPJS, of the whole province unless told."""
    return Sent("bpjs_kepesertaan", area, rows, **more)


def write_rows(dataset: str, rows: Sequence[Row], path: Path) -> Path:
    """Typed rows as Parquet, numbered from 2 unless they carry ``source_row``."""
    kinds = {column.name: column.type for column in contract(dataset).columns}
    schema: dict[str, pa.DataType] = {"source_row": pa.int32()}
    for name, kind in kinds.items():
        schema[name] = _ARROW.get(kind, pa.string())
        schema[f"{name}__defect"] = pa.string()
    if contract(dataset).kind == "registry":
        schema |= _DERIVED
    if any("codes" in row for row in rows):
        schema["codes"] = pa.list_(pa.string())
    numbered = [{"source_row": at, **row} for at, row in enumerate(rows, start=2)]
    table = pa.table(
        {
            name: pa.array([row.get(name) for row in numbered], kind)
            for name, kind in schema.items()
        }
    )
    pq.write_table(table, path)
    return path


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came out."""

    folder: Path
    counts: dict[str, int] = field(repr=False)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows of a table in the order they were written; pseudonyms as text."""
        data = pq.read_table(self.folder / f"{table}.parquet").to_pylist()
        return [
            {
                name: str(value) if name in {"person_id", "membership_id"} else value
                for name, value in row.items()
            }
            for row in data
        ]

    def one(self, table: str) -> dict[str, Any]:
        """The only row of a table."""
        (row,) = self.rows(table)
        return row

    def of(self, table: str, number: int) -> dict[str, Any]:
        """The only row of a table about person ``number``."""
        (row,) = (one for one in self.rows(table) if one["person_id"] == person(number))
        return row

    def values(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Some columns of a table, sorted."""
        found = (tuple(row[name] for name in columns) for row in self.rows(table))
        return sorted(found, key=repr)

    def kinds(self) -> list[tuple[str, str]]:
        """Area and kind of every discrepancy, sorted."""
        return self.values("discrepancies", "area_code", "kind")

    def bytes(self) -> dict[str, bytes]:
        """Content of every file."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}


def decision_about(pair: Row, decision: str) -> Decision:
    """What a steward decides about a row of ``review_pairs``."""
    return Decision(
        uuid.UUID(str(pair["pair_id"])),
        uuid.UUID(str(pair["person_id"])),
        uuid.UUID(str(pair["other_id"])),
        decision,
    )


def written(folder: Path, sent: Sequence[Sent]) -> tuple[MonthInput, ...]:
    """The submissions as files below ``folder``."""
    inputs = []
    for number, file in enumerate(sent):
        stem = folder / f"in-{number}"
        accepted = quarantined = None
        if file.rows is not None:
            accepted = write_rows(file.dataset, file.rows, stem.with_suffix(".a"))
        if file.quarantined:
            quarantined = write_rows(
                file.dataset, file.quarantined, stem.with_suffix(".q")
            )
        slot = Slot(file.dataset, AreaCode(file.area), file.month)
        inputs.append(MonthInput(file.submission_id, slot, accepted, quarantined))
    return tuple(inputs)


def reconcile(
    folder: Path,
    *sent: Sent,
    month: CoverageMonth = MONTH,
    province: str = PROVINCE,
    key: PersonKey = KEY,
    threads: int = 1,
    decisions: Sequence[Decision] = (),
    linker: Linker = engine_linker,
    is_spark: bool = IS_SPARK,
) -> Reconciled:
    """Write the submissions below ``folder`` and reconcile them, on every engine."""
    inputs = written(folder, sent)
    target = folder / "out"
    counts = run_on_engines(
        Settings(home=folder / "home", threads=threads),
        target,
        lambda settings, out: reconcile_month(
            settings,
            key,
            province,
            month,
            MonthInputs(inputs, tuple(decisions)),
            out,
            linker,
        ),
        is_spark=is_spark,
    )
    return Reconciled(target, counts)
