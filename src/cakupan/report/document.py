"""What a report says, whatever it is written as: one content for PDF, XLSX and HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from cakupan.report.cells import Cell, Unit

Edition = Literal["internal", "public"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: Indonesian.
        unit: of its cells; decides side and format.
        width: share of the page beside the other columns.
    """

    title: str
    unit: Unit = "text"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column names the row.

    Attributes:
        title: what it shows; also the caption.
        columns: from left to right.
        rows: cells in the order of ``columns``.
        note: what a reader must know; ``""`` for nothing.
        sheet: name of the worksheet.
        is_optional: left out of a PDF it does not fit in, which then says so.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    sheet: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences.

    Attributes:
        items: (heading, sentence).
    """

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with everything that makes it readable alone.

    Attributes:
        label: what it is.
        cell: the figure.
        details: count, denominator, definition, date, change; one line each.
    """

    label: str
    cell: Cell
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing.

    Attributes:
        title: caption.
        svg: the drawing.
        words: what it shows, in a sentence; the text for those who do not see it.
        width: share of the width of the page.
    """

    title: str
    svg: str
    words: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Charts:
    """Drawings side by side."""

    charts: tuple[Chart, ...]


Block = Charts | Paragraph | Items | Tiles | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter.

    Attributes:
        title: heading.
        blocks: in order.
        starts_page: begins on a new page.
    """

    title: str
    blocks: tuple[Block, ...]
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Attributes:
        title: of the report.
        subtitle: area and month.
        status: final or provisional, and why.
        edition: ``internal`` or ``public``.
        release_id: the release every figure is from.
        sha256: fingerprint of the content of the release.
        year: of the coverage month.
        month: of the coverage month.
        sections: in order.
    """

    title: str
    subtitle: str
    status: str
    edition: Edition
    release_id: str
    sha256: str
    year: int
    month: int
    sections: tuple[Section, ...]

    def shortened(self) -> Document:
        """The same without optional tables; a sentence stands in place of each."""

        def instead(block: Block) -> Block:
            if isinstance(block, Table) and block.is_optional:
                return Paragraph(
                    f"{block.title}: tidak muat pada lembar ini, ada dalam berkas XLSX "
                    "dan HTML."
                )
            return block

        return replace(
            self,
            sections=tuple(
                replace(section, blocks=tuple(map(instead, section.blocks)))
                for section in self.sections
            ),
        )

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with its section."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block
