"""Collect the rows of a table into ``raw.parquet``, whatever format they came from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cakupan.core.contracts import Contract
from cakupan.core.findings import Finding, Grade, Severity
from cakupan.staging.header import Header, letters
from cakupan.staging.limits import Limits
from cakupan.staging.refusal import FileRefused, note
from cakupan.staging.sift import RowKind, Sieve
from cakupan.staging.sink import ParquetSink

#: Types whose cell kind (text, number, date) is kept.
KINDED = frozenset(
    {"nik", "date", "month", "rupiah", "count", "decimal", "year", "area_code"}
)
_SKIPPED = {
    RowKind.TOTALS: "TOTALS_ROW_SKIPPED",
    RowKind.FOOTER: "FOOTER_SKIPPED",
    RowKind.HEADER: "HEADER_REPEATED",
}
#: Digits a key has at least; rows with less are looked at one by one.
_KEY_DIGITS = {"nik": 8, "kpj": 8, "kode_wilayah": 2, "nomor_klaim": 2}
_LISTED = 50


class Collector:
    """Writes data rows, counts them and notes what was left out.

    Args:
        target: Parquet file to write.
        header: header of the table.
        contract: what the columns mean.
        limits: how many ragged rows are tolerated.
    """

    def __init__(
        self, target: Path, header: Header, contract: Contract, limits: Limits
    ) -> None:
        self.header = header
        self.received_count = 0
        self.has_nil_marker = False
        self._limits = limits
        self._ragged: list[int] = []
        self._skipped: dict[RowKind, list[int]] = {}
        types = {column.name: column.type for column in contract.columns}
        self._columns: list[tuple[int, str, bool]] = []
        taken: set[str] = set()
        for i, name in enumerate(header.names):
            known = name is not None and name not in taken
            label = name if known and name else f"x_{i + 1}"
            taken.add(label)
            self._columns.append((i, label, known and types[label] in KINDED))
        self._given = [
            (name, value, types[name] in KINDED) for name, value in header.given.items()
        ]
        self._keys = {
            header.names.index(name): digits
            for name, digits in _KEY_DIGITS.items()
            if name in header.names
        }
        self._sieve = Sieve(header, contract.dataset, self._keys)
        fields = [pa.field("source_row", pa.int64())]
        for label, kinded in [
            *((label, kinded) for _, label, kinded in self._columns),
            *((label, kinded) for label, _, kinded in self._given),
        ]:
            fields.append(pa.field(label, pa.string()))
            if kinded:
                fields.append(pa.field(f"{label}__kind", pa.string()))
        fields.append(pa.field("row__defect", pa.string()))
        self._schema = pa.schema(fields)
        self._sink = ParquetSink(target, self._schema)

    def __enter__(self) -> Collector:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sink.__exit__(kind, error, trace)

    def add(
        self,
        rows: Any,
        columns: Sequence[Any],
        kinds: dict[int, Any] | None = None,
        ragged: Sequence[tuple[int, list[str]]] = (),
    ) -> None:
        """Take the next rows of the file.

        Args:
            rows: their numbers in the file (Arrow int64 array, rising).
            columns: one Arrow string array per column of the header, no nulls needed.
            kinds: cell kinds per column index; all text when left out.
            ragged: rows with a wrong number of cells that lie among or before these.
        """
        count = len(rows)
        keep: list[bool] | None = None
        extra: list[tuple[int, list[str]]] = []
        doubtful = self._doubtful(columns, count)
        queue = sorted(
            [(rows[i].as_py(), i, None) for i in doubtful]
            + [(number, -1, cells) for number, cells in ragged],
            key=lambda item: item[0],
        )
        for number, i, cells in queue:
            given = (
                cells if cells is not None else [c[i].as_py() or "" for c in columns]
            )
            kind = self._sieve.judge(number, given)
            if kind is RowKind.DATA:
                if cells is not None:
                    extra.append((number, cells))
                continue
            self._note(kind, number)
            if cells is None:
                if keep is None:
                    keep = [True] * count
                keep[i] = False
        table = self._table(rows, columns, kinds or {})
        if keep is not None:
            table = table.filter(pa.array(keep))
        if extra:
            table = pa.concat_tables([table, self._ragged_table(extra)]).sort_by(
                "source_row"
            )
        self.received_count += table.num_rows
        self._sink.write(table)

    def _doubtful(self, columns: Sequence[Any], count: int) -> list[int]:
        if not self._keys:
            return list(range(count))
        solid = None
        for index, digits in self._keys.items():
            pattern = f"^[^A-Za-z]*([0-9][^A-Za-z0-9]{{0,3}}){{{digits}}}"
            like_a_key = pc.match_substring_regex(columns[index], pattern)
            solid = like_a_key if solid is None else pc.or_(solid, like_a_key)
        mask = pc.invert(pc.fill_null(solid, False))
        found: list[int] = pc.indices_nonzero(mask).to_pylist()
        return found

    def _note(self, kind: RowKind, number: int) -> None:
        if kind is RowKind.NIL:
            self.has_nil_marker = True
        elif kind is not RowKind.BLANK:
            self._skipped.setdefault(kind, []).append(number)

    def _table(self, rows: Any, columns: Sequence[Any], kinds: dict[int, Any]) -> Any:
        count = len(rows)
        text = pa.DictionaryArray.from_arrays(
            pa.nulls(count, pa.int8()).fill_null(0), pa.array(["t"])
        )
        arrays: list[Any] = [rows]
        for i, _, kinded in self._columns:
            arrays.append(columns[i])
            if kinded:
                arrays.append(kinds[i] if i in kinds else text.cast(pa.string()))
        for _, value, kinded in self._given:
            arrays.append(pa.repeat(value, count))
            if kinded:
                arrays.append(text.cast(pa.string()))
        arrays.append(pa.nulls(count, pa.string()))
        return pa.Table.from_arrays(arrays, schema=self._schema)

    def _ragged_table(self, extra: list[tuple[int, list[str]]]) -> Any:
        self._ragged.extend(number for number, _ in extra)
        if len(self._ragged) > self._limits.ragged:
            raise FileRefused("FILE_UNREADABLE", "jumlah kolom baris tidak tetap")
        rows = pa.array([number for number, _ in extra], pa.int64())
        width = len(self._columns)
        cells = [(row + [""] * width)[:width] for _, row in extra]
        columns = [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]
        table = self._table(rows, columns, {})
        return table.set_column(
            table.num_columns - 1,
            "row__defect",
            pa.array(["ROW_RAGGED"] * len(extra), pa.string()),
        )

    def findings(self) -> list[Finding]:
        """What was left out or does not fit."""
        found: list[Finding] = []
        if self._ragged and len(self._ragged) * 2 > self.received_count >= 20:
            raise FileRefused("FILE_UNREADABLE", "jumlah kolom baris tidak tetap")
        for kind, code in _SKIPPED.items():
            numbers = self._skipped.get(kind, [])
            if numbers:
                shown = ", ".join(str(number) for number in numbers[:_LISTED])
                more = ", …" if len(numbers) > _LISTED else ""
                found.append(note(code, len(numbers), f"baris {shown}{more}"))
        found.extend(
            Finding("ROW_RAGGED", Grade.RECORD, Severity.CRITICAL, "", number)
            for number in self._ragged
        )
        return found

    def layout_columns(self) -> list[dict[str, Any]]:
        """Columns of the file in order, for ``layout``; then those given for all rows."""
        own = [
            {
                "index": i + 1,
                "letter": letters(i),
                "header": self.header.titles[i][:120],
                "name": label if not label.startswith("x_") else None,
            }
            for i, label, _ in self._columns
        ]
        return own + [
            {"index": len(own) + i, "letter": "", "header": name, "name": name}
            for i, (name, _, _) in enumerate(self._given, start=1)
        ]
