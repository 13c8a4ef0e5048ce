"""A report as plain values: every figure as it is written, ready for a template."""

from __future__ import annotations

from typing import Any

from cakupan.report.document import (
    Block,
    Chart,
    Charts,
    Document,
    Items,
    Paragraph,
    Table,
    Tiles,
)

EDITIONS = {"internal": "internal", "public": "publik"}
EDITION_WORDS = {
    "internal": "Edisi internal: tidak untuk umum.",
    "public": "Edisi publik: * berarti disamarkan.",
}


def plain(document: Document) -> dict[str, Any]:
    """Texts, lists and numbers of layout only."""
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "status": document.status,
        "edition": document.edition,
        "edition_name": EDITIONS[document.edition],
        "edition_words": EDITION_WORDS[document.edition],
        "release_id": document.release_id,
        "sha256": document.sha256,
        "year": document.year,
        "month": document.month,
        "sections": [
            {
                "title": section.title,
                "starts_page": section.starts_page,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Items(items):
            return {"kind": "items", "items": [list(item) for item in items]}
        case Tiles(tiles):
            return {
                "kind": "tiles",
                "columns": 2 if len(tiles) == 4 else min(3, len(tiles)),
                "tiles": [
                    {
                        "label": tile.label,
                        "value": str(tile.cell),
                        "details": list(tile.details),
                    }
                    for tile in tiles
                ],
            }
        case Chart():
            return _chart(block)
        case Charts(charts):
            return {"kind": "charts", "charts": [_chart(one) for one in charts]}
        case Table(title, columns, rows, note, _):
            return {
                "kind": "table",
                "title": title,
                "columns": [
                    {"title": one.title, "unit": one.unit, "width": one.width}
                    for one in columns
                ],
                "rows": [[str(cell) for cell in row] for row in rows],
                "note": note,
            }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "kind": "chart",
        "title": chart.title,
        "svg": chart.svg,
        "words": chart.words,
        "width": chart.width,
    }
