"""Drawings as SVG: bars and a map of tiles, legible without colour.

Colours are one blue from light to dark (ordered also in grey, safe for colour-blind
readers); values and names are written on the drawing.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape

from cakupan.core import areas
from cakupan.core.resources import include
from cakupan.report.cells import Cell

FONT = "Libertinus Serif, Georgia, serif"
INK, LINE, PAPER = "#1a1a1a", "#8a8a8a", "#ffffff"
#: Length of a bar that has its value on it.
_ROOM_FOR_VALUE = 75
#: From little to much; the last two take white letters.
SHADES = ("#f0f4f9", "#c9d8ea", "#8fb2d6", "#3f77ad", "#123f6b")
_DARK_FROM = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar.

    Attributes:
        label: what it is.
        cell: its length; no bar where it has no number.
        mark: a line across, such as a target.
    """

    label: str
    cell: Cell
    mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MapTile:
    """A tile of a map.

    Attributes:
        code: area.
        cell: the figure written on it.
        shade: 0 (little) to 4 (much); ``None`` for no figure to show.
    """

    code: str
    cell: Cell
    shade: int | None


def bars(rows: Sequence[Bar], label_width: int = 170) -> str:
    """Horizontal bars, one below the other, from zero."""
    height, gap, width = 17, 6, 620
    room = width - label_width - 90
    numbers = [row.cell.number for row in rows] + [row.mark for row in rows]
    top = max((each for each in numbers if each is not None), default=Decimal(0))
    parts = []
    for index, row in enumerate(rows):
        y = 4 + index * (height + gap)
        middle = y + height - 4.5
        parts.append(_text(label_width - 8, middle, row.label, anchor="end"))
        found = row.cell.number
        length = float(found / top) * room if found and top else 0.0
        if found is not None:
            parts.append(
                f'<rect x="{label_width}" y="{y}" width="{max(length, 0.8):.1f}" '
                f'height="{height}" fill="{SHADES[3]}"/>'
            )
        if row.mark is not None and top:
            place = label_width + float(row.mark / top) * room
            parts.append(
                f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{y - 2}" '
                f'y2="{y + height + 2}" stroke="{INK}" stroke-width="2"/>'
            )
        # the value belongs to the bar, not to a mark behind it: at its foot, in white
        shown = str(row.cell)
        if length > _ROOM_FOR_VALUE:
            parts.append(_text(label_width + 6, middle, shown, fill=PAPER, bold=True))
        else:
            parts.append(_text(label_width + length + 6, middle, shown))
    parts.append(
        f'<line x1="{label_width}" x2="{label_width}" y1="0" '
        f'y2="{8 + len(rows) * (height + gap)}" stroke="{LINE}"/>'
    )
    return _svg(width, 8 + len(rows) * (height + gap), parts)


def tile_map(tiles: Sequence[MapTile], name: str) -> str:
    """One square per area, where it lies roughly; what has no figure is hatched."""
    size, gap = 92, 5
    places = layout(tuple(tile.code for tile in tiles))
    parts = [
        f'<defs><pattern id="tanpa-{name}" width="8" height="8" '
        'patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#ffffff"/>'
        f'<path d="M0 8L8 0" stroke="{LINE}" stroke-width="1"/></pattern></defs>'
    ]
    for tile in tiles:
        column, row, short_name = places[tile.code]
        x, y = column * (size + gap) + 2, row * (size * 0.62 + gap) + 2
        is_dark = tile.shade is not None and tile.shade >= _DARK_FROM
        fill = f"url(#tanpa-{name})" if tile.shade is None else SHADES[tile.shade]
        ink = PAPER if is_dark else INK
        parts.append(
            f'<rect x="{x}" y="{y:.1f}" width="{size}" height="{size * 0.62:.1f}" '
            f'fill="{fill}" stroke="{LINE}"/>'
        )
        if tile.shade is None:
            parts.append(
                f'<rect x="{x + 8}" y="{y + 8:.1f}" width="{size - 16}" '
                f'height="{size * 0.62 - 16:.1f}" fill="#ffffff"/>'
            )
        middle = x + size / 2
        parts.append(_text(middle, y + 24, short_name, anchor="middle", fill=ink))
        parts.append(
            _text(middle, y + 43, str(tile.cell), anchor="middle", fill=ink, bold=True)
        )
    width = max(place[0] for place in places.values()) + 1
    rows = max(place[1] for place in places.values()) + 1
    return _svg(
        int(width * (size + gap) + 2), int(rows * (size * 0.62 + gap) + 3), parts
    )


@cache
def _drawn() -> dict[str, tuple[int, int, str]]:
    path = include("reference", "tile_map.csv")
    return {
        row["area_code"]: (int(row["column"]), int(row["row"]), row["short_name"])
        for row in csv.DictReader(path.read_text("utf-8").splitlines())
    }


def layout(codes: tuple[str, ...]) -> dict[str, tuple[int, int, str]]:
    """Column, row and short name of each area.

    From ``include/reference/tile_map.csv``; where one of the areas is not in it, a plain
    grid in the order of the codes.
    """
    drawn = _drawn()
    if all(code in drawn for code in codes):
        return {code: drawn[code] for code in codes}
    wide = max(1, min(6, round(len(codes) ** 0.5 + 0.49)))
    return {
        code: (index % wide, index // wide, _plain_name(code))
        for index, code in enumerate(codes)
    }


def _plain_name(code: str) -> str:
    name = areas.name_of(code) or code
    short = name.removeprefix("Kabupaten ").removeprefix("Kota ")
    return short if len(short) <= 15 else f"{short[:14]}."


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK,
    bold: bool = False,
) -> str:  # fmt: skip
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="13.5" '
        f'fill="{fill}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">' + "".join(parts) + "</svg>"
    )
