"""What correction workbook and template have in common: formats and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

#: Text of severities as a sender reads them.
SEVERITY_WORDS = {
    "critical": "Wajib diperbaiki",
    "warning": "Periksa",
    "info": "Informasi",
}
_FILLS = {"critical": "#FFC7CE", "warning": "#FFEB9C", "info": "#DDEBF7"}
_LINE_POINTS = 15
_MOST_LINES = 12
#: Excel keeps a creation time; a fixed one keeps equal content equal.
_CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - Excel has no time zones


@dataclass(frozen=True, slots=True)
class Formats:
    """Cell formats of one workbook; every one is text, so digits stay as typed."""

    text: Any
    header: Any
    required: Any
    added: Any
    title: Any
    label: Any
    wrap: Any
    fills: dict[str, Any]


def open_workbook(target: Path, *, title: str) -> Any:
    """An XlsxWriter workbook that never turns text into formulas, links or numbers."""
    workbook = xlsxwriter.Workbook(
        str(target),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(target.parent),
        },
    )
    workbook.set_properties({"title": title, "created": _CREATED})
    return workbook


def formats(workbook: Any) -> Formats:
    """The formats both workbooks use."""

    def made(**properties: Any) -> Any:
        return workbook.add_format({"num_format": "@", "valign": "top", **properties})

    head = {"bold": True, "text_wrap": True, "border": 1}
    return Formats(
        text=made(),
        header=made(**head, bg_color="#D9E1F2"),
        required=made(**head, bg_color="#F8CBAD"),
        added=made(**head, bg_color="#E2EFDA"),
        title=made(bold=True, font_size=14),
        label=made(bold=True),
        wrap=made(text_wrap=True),
        fills={name: made(bg_color=colour) for name, colour in _FILLS.items()},
    )


def fit_height(sheet: Any, row: int, texts: Mapping[int, str]) -> None:
    """Make a row as high as its longest wrapped text; call before its cells.

    Args:
        sheet: the worksheet.
        row: its row, from 0.
        texts: column width in characters -> longest text in a column of that width.
    """
    lines = max(-(-len(text) // width) for width, text in texts.items())
    if lines > 1:
        sheet.set_row(row, _LINE_POINTS * min(lines, _MOST_LINES))


def page_setup(sheet: Any) -> None:
    """Landscape, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def write_lines(sheet: Any, form: Formats, title: str, lines: list[str]) -> None:
    """A page of plain text: a title and one line per row."""
    page_setup(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110, form.wrap)
    sheet.write_string(0, 0, title, form.title)
    for number, line in enumerate(lines, start=2):
        fit_height(sheet, number, {100: line})
        sheet.write_string(number, 0, line, form.wrap)
