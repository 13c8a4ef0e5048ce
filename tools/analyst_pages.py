"""Pages for analysts: every mart with its indicator and SQL, every personal column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from cakupan.core.schema import metadata
from cakupan.core.schema.mart import PUBLISHED
from cakupan.warehouse.dictionary import unit_of

SOURCES = Path(__file__).resolve().parent.parent / "docs" / "indicators"
Table = Callable[[list[str], list[list[object]]], list[str]]

_LABELS = {
    "concept": "Konsep",
    "definition": "Definisi",
    "formula": "Rumus",
    "unit": "Satuan",
    "classification": "Klasifikasi",
    "interpretation": "Cara membaca",
}


def indicators() -> dict[str, dict[str, Any]]:
    """What ``docs/indicators/marts.yml`` says of each published table."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (SOURCES / "marts.yml").read_text("utf-8")
    )
    if loaded.keys() != PUBLISHED.keys():
        raise SystemExit("docs/indicators/marts.yml and the marts are not the same")
    return loaded


def marts(note: str, table_of: Table) -> str:
    """A chapter per published table."""
    lines = [note, "# Tabel yang diterbitkan", ""]
    lines += [
        "Setiap tabel ada sebagai `mart.<nama>` (rilis yang berlaku) dan "
        "`mart.<nama>_history` (semua rilis). Sel kosong berarti tidak ada data.",
        "",
    ]
    for name, told in indicators().items():
        table = PUBLISHED[name]
        lines += [f"## `mart.{name}`", "", f"{table.comment}.", ""]
        lines += table_of(
            ["metadata indikator", ""],
            [[label, told[key]] for key, label in _LABELS.items()],
        )
        lines.append("")
        lines += table_of(
            ["kolom", "kunci", "satuan", "arti"],
            [
                [
                    f"`{column.name}`",
                    "ya" if column.primary_key else "",
                    unit_of(column.name, column.comment or ""),
                    column.comment,
                ]
                for column in table.columns
            ],
        )
        lines.append("")
        for question in told["questions"]:
            lines += [f"**{question['ask']}**", "", "```sql"]
            lines += [question["sql"].rstrip(), "```", ""]
    return "\n".join(lines)


def processing(note: str, table_of: Table) -> str:
    """Every column about a person: why it is kept, for whom, how long."""
    told = yaml.safe_load((SOURCES / "processing.yml").read_text("utf-8"))
    lines = [note, "# Catatan pemrosesan data pribadi", ""]
    lines += [f"Dasar: {told['legal_basis']}", ""]
    for schema, about in told["schemas"].items():
        rows: list[list[object]] = [
            [
                f"`{table.fullname}.{column.name}`",
                column.comment,
                told["sensitivities"][column.info["sensitivity"]],
            ]
            for table in metadata.sorted_tables
            if table.schema == schema
            for column in table.columns
            if column.info.get("sensitivity", "public") != "public"
        ]
        if not rows:
            continue
        lines += [f"## Skema `{schema}`", ""]
        lines += [f"Tujuan: {about['purpose']}. Pembaca: {about['readers']}."]
        lines += [f"Masa simpan: {about['retention']}", ""]
        lines += table_of(["kolom", "isi", "golongan"], rows)
        lines.append("")
    return "\n".join(lines)
