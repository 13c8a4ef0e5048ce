"""Write docs/generated/ from the schema, the contracts and the finding codes.

``--check`` writes nothing and fails when a page is not what it would write.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from cakupan.core.contracts import DATASETS, contract
from cakupan.core.resources import expectations
from cakupan.core.schema import SCHEMAS, metadata

TARGET = Path(__file__).resolve().parent.parent / "docs" / "generated"
NOTE = "<!-- written by tools/generate_docs.py; change the source, then `make docs` -->"


def _cell(text: object) -> str:
    return str(text if text is not None else "").replace("|", "\\|").replace("\n", " ")


def _table(head: list[str], rows: list[list[object]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]


def dictionary() -> str:
    """Every table and column of the warehouse."""
    lines = [NOTE, "# Kamus data", ""]
    for schema in SCHEMAS:
        lines += [f"## Skema `{schema}`", ""]
        for table in metadata.sorted_tables:
            if table.schema != schema:
                continue
            lines += [f"### `{table.fullname}`", "", f"{table.comment}.", ""]
            lines += _table(
                ["kolom", "tipe", "kunci", "boleh kosong", "arti", "kepekaan"],
                [
                    [
                        f"`{column.name}`",
                        str(column.type).lower(),
                        "ya" if column.primary_key else "",
                        "ya" if column.nullable else "",
                        column.comment,
                        column.info.get("sensitivity", "public"),
                    ]
                    for column in table.columns
                ],
            )
            lines.append("")
    return "\n".join(lines)


def datasets() -> str:
    """Every dataset that can be sent."""
    lines = [NOTE, "# Dataset yang dapat dikirim", ""]
    for name in DATASETS:
        one = contract(name)
        due = (
            f"paling lambat tanggal {one.due_day} bulan berikutnya"
            if one.due_day
            else "kapan saja"
        )
        lines += [f"## `{name}`: {one.title}", ""]
        lines += [
            f"Pengirim: {', '.join(one.senders)}. Waktu: {due}. "
            f"Format: {', '.join(one.formats)}.",
            "",
        ]
        lines += _table(
            ["kolom", "wajib", "tipe", "arti", "contoh", "judul lain yang dikenali"],
            [
                [
                    f"`{column.name}`",
                    "ya" if column.required else "",
                    column.type,
                    column.description,
                    column.example,
                    ", ".join(column.aliases),
                ]
                for column in one.columns
            ],
        )
        lines.append("")
    return "\n".join(lines)


def codes() -> str:
    """Every finding code with its texts."""
    raw = yaml.safe_load(expectations("codes.yml").read_text("utf-8"))
    rows = [
        [
            f"`{code}`",
            entry["grade"],
            entry["severity"],
            entry["text_id"],
            entry["fix_id"],
            entry["text_en"],
        ]
        for code, entry in sorted(raw.items())
    ]
    lines = [NOTE, "# Kode temuan", ""]
    lines += _table(["kode", "tingkat", "berat", "arti", "perbaikan", "English"], rows)
    return "\n".join([*lines, ""])


def main() -> None:
    """Entry point."""
    is_check = "--check" in sys.argv
    stale = []
    for name, page in (
        ("kamus-data.md", dictionary()),
        ("dataset.md", datasets()),
        ("kode-temuan.md", codes()),
    ):
        path = TARGET / name
        if path.exists() and path.read_text("utf-8") == page:
            continue
        stale.append(name)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, "utf-8")
    if is_check and stale:
        raise SystemExit("docs/generated is stale: " + ", ".join(stale) + "; make docs")


if __name__ == "__main__":
    main()
