"""Sheet 1 of the correction workbook: the sender's rows, bad cells marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cakupan.core.codes import describe
from cakupan.core.contracts import contract
from cakupan.core.findings import Grade
from cakupan.core.submission import Slot
from cakupan.quality.sheets import Formats, fit_height, page_setup

ADDED = ("Baris Asal", "Kode Temuan", "Keterangan", "Cara Memperbaiki")
LAST_ROW = 1_048_575  # rows of a sheet below the header
COMMENT_LIMIT = 1_000  # more comments make Excel slow; the columns say the same
_BATCH = 20_000
_RANKS = {"critical": 0, "warning": 1, "info": 2}
_ADDED_WIDTHS = (11, 26, 60, 60)


@dataclass(frozen=True, slots=True)
class Note:
    """One finding about one row."""

    severity: str
    code: str
    field: str


@dataclass(frozen=True, slots=True)
class _Column:
    label: str
    header: str
    name: str | None


def notes_by_row(findings: pa.Table) -> dict[int, list[Note]]:
    """What is to be said of each row, the gravest first."""
    of_rows: dict[int, list[Note]] = {}
    for row, grade, severity, code, field in zip(
        *(
            findings[name].to_pylist()
            for name in ("source_row", "grade", "severity", "code", "field")
        ),
        strict=True,
    ):
        if row is not None and grade == str(Grade.RECORD):
            of_rows.setdefault(row, []).append(Note(severity, code, field))
    for notes in of_rows.values():
        notes.sort(key=lambda note: (_RANKS[note.severity], note.code, note.field))
    return of_rows


class RowSheet:
    """Sheet 1: the sender's rows."""

    def __init__(self, sheet: Any, form: Formats, slot: Slot) -> None:
        self.sheet = sheet
        self.form = form
        self.either_or = contract(slot.dataset).either_or
        self.niks = {
            column.name
            for column in contract(slot.dataset).columns
            if column.type == "nik"
        }
        self.comments_left = COMMENT_LIMIT
        self.columns: tuple[_Column, ...] = ()
        self.places: dict[str, int] = {}
        self.spoken: dict[Note, tuple[str, str]] = {}

    def write(
        self,
        raw: Path,
        layout: Mapping[str, Any],
        notes: dict[int, list[Note]],
        last_row: int,
    ) -> list[str]:
        """Write all rows; remarks on what had to be left out."""
        with pq.ParquetFile(raw) as source:
            self.columns = tuple(_sender_columns(layout, source.schema_arrow.names))
            self.places = {
                column.name: place
                for place, column in enumerate(self.columns)
                if column.name is not None
            }
            only_noted = source.metadata.num_rows > last_row
            self._write_header(only_noted)
            written = self._write_rows(source, notes, last_row, only_noted)
            total = source.metadata.num_rows
        width = len(self.columns) + len(ADDED)
        self.sheet.autofilter(0, 0, max(written, 1), width - 1)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last_row + 1}"})
        if not only_noted:
            return []
        noted = min(len(notes), total)
        shown = f"{written:,}".replace(",", ".")
        remark = (
            "Berkas melebihi isi satu lembar Excel; lembar Perbaikan hanya memuat "
            f"{shown} baris yang bermasalah. Perbaiki pada berkas asli Anda, lalu "
            "kirim berkas asli itu; JANGAN kirim buku kerja ini."
        )
        if noted > written:
            remark += " Baris bermasalah selebihnya tidak muat."
        return [remark]

    def _write_header(self, only_noted: bool) -> None:
        # some rows only must not be taken for the whole file when sent back
        suffix = " - lihat saja" if only_noted else ""
        sheet, form = self.sheet, self.form
        sheet.set_column(0, len(self.columns) - 1, 20, form.text)
        for offset, (header, width) in enumerate(
            zip(ADDED, _ADDED_WIDTHS, strict=True)
        ):
            place = len(self.columns) + offset
            sheet.set_column(place, place, width, form.text)
            sheet.write_string(0, place, header, form.added)
        for place, column in enumerate(self.columns):
            sheet.write_string(0, place, column.header + suffix, form.header)
        sheet.freeze_panes(1, 0)
        page_setup(sheet)

    def _write_rows(
        self,
        source: pq.ParquetFile,
        notes: dict[int, list[Note]],
        last_row: int,
        only_noted: bool,
    ) -> int:
        labels = [column.label for column in self.columns]
        stored = set(source.schema_arrow.names)
        kinds = [f"{label}__kind" for label in labels if f"{label}__kind" in stored]
        wanted = list(dict.fromkeys(["source_row", *labels, *kinds]))
        written = 0
        for batch in source.iter_batches(batch_size=_BATCH, columns=wanted):
            values = batch.to_pydict()
            cells = [values[label] for label in labels]
            for i, number in enumerate(values["source_row"]):
                said = notes.get(number, ())
                if only_noted and not said:
                    continue
                if written >= last_row:
                    return written
                written += 1
                numeric = {
                    name.removesuffix("__kind")
                    for name in kinds
                    if values[name][i] == "n"
                }
                self._write_row(written, number, [c[i] for c in cells], said, numeric)
        return written

    def _write_row(
        self,
        row: int,
        number: int,
        cells: list[str | None],
        said: Sequence[Note],
        numeric: set[str],
    ) -> None:
        worst = self._worst(said)
        texts, fixes = self._said(said)
        fit_height(self.sheet, row, {55: max(texts, fixes, key=len)})
        for place, text in enumerate(cells):
            note = worst.get(place)
            fill = self.form.fills[note.severity] if note else self.form.text
            name = self.columns[place].name
            if name in numeric and self._stays_number(name, note):
                self._write_number(row, place, text or "", fill)
            elif text:
                self.sheet.write_string(row, place, text, fill)
            elif note:
                self.sheet.write_blank(row, place, None, fill)
            if note and self.comments_left > 0:
                self.comments_left -= 1
                self.sheet.write_comment(row, place, " ".join(self._words(note)))
        first = len(cells)
        self.sheet.write_string(row, first, str(number), self.form.text)
        if not said:
            return
        codes = ", ".join(dict.fromkeys(note.code for note in said))
        self.sheet.write_string(
            row, first + 1, codes, self.form.fills[said[0].severity]
        )
        self.sheet.write_string(row, first + 2, texts, self.form.wrap)
        self.sheet.write_string(row, first + 3, fixes, self.form.wrap)

    def _said(self, said: Sequence[Note]) -> tuple[str, str]:
        """Texts and fixes of a row, each once."""
        words = [self._words(note) for note in said]
        texts = dict.fromkeys(text for text, _ in words)
        fixes = dict.fromkeys(fix for _, fix in words)
        return " ".join(texts), " ".join(fixes)

    def _stays_number(self, name: str, note: Note | None) -> bool:
        """Whether a number must come back as a number to be read the same again.

        A NIK becomes text, for its digits' sake, unless Excel has already lost some:
        then it must not come back looking whole.
        """
        is_lost = note is not None and note.severity == "critical"
        return name not in self.niks or is_lost

    def _write_number(self, row: int, place: int, text: str, fill: Any) -> None:
        try:
            self.sheet.write_number(row, place, float(text), fill)
        except (TypeError, ValueError):
            self.sheet.write_string(row, place, text, fill)

    def _worst(self, said: Iterable[Note]) -> dict[int, Note]:
        """The gravest note of each cell of the sender."""
        worst: dict[int, Note] = {}
        for note in said:
            for name in (note.field, *self.either_or.get(note.field, ())):
                if name in self.places:
                    worst.setdefault(self.places[name], note)
                    break
        return worst

    def _words(self, note: Note) -> tuple[str, str]:
        if note not in self.spoken:
            place = self.places.get(note.field)
            header = self.columns[place].header if place is not None else note.field
            said = describe(note.code, field=header)
            self.spoken[note] = (said.text, said.fix)
        return self.spoken[note]


def _sender_columns(layout: Mapping[str, Any], labels: list[str]) -> Iterator[_Column]:
    """The sender's columns in their order, without those an earlier workbook added."""
    given = layout.get("columns") or [
        {"index": None, "header": label, "name": label}
        for label in labels
        if label != "source_row" and "__" not in label
    ]
    is_returned = {ADDED[1], ADDED[3]} <= {column["header"] for column in given}
    for column in given:
        name = column["name"]
        label = name if name is not None else f"x_{column['index']}"
        if label not in labels or (is_returned and column["header"] in ADDED):
            continue
        yield _Column(label=label, header=column["header"] or "", name=name)
