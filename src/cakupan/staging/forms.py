"""Forms of other systems, told by the titles of their columns.

A form prints values that hold for every row above its table: "NPP : 15000001". They
become columns, so that nothing is lost when only the rows are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cakupan.core.contracts import Layout
from cakupan.core.contracts import contract as load_contract
from cakupan.staging.keys import key


def recognise(titles: Sequence[str], dataset: str) -> Layout | None:
    """The form whose marks all stand among the titles, ``None`` for none."""
    there = {key(title) for title in titles}
    for layout in load_contract(dataset).layouts:
        if {key(mark) for mark in layout.marks} <= there:
            return layout
    return None


def named(
    titles: Sequence[str], names: Sequence[str | None], layout: Layout
) -> list[str | None]:
    """Canonical columns of the titles: as the form says, else as they were."""
    said = {key(title): name for title, name in layout.titles.items()}
    return [
        said.get(key(title), name) for title, name in zip(titles, names, strict=True)
    ]


def matched(titles: Sequence[str], layout: Layout) -> int:
    """How many of the titles the form knows."""
    known = {key(title) for title in layout.titles}
    return sum(key(title) in known for title in titles)


def given_values(
    layout: Layout, above: Sequence[Sequence[str]], names: Sequence[str | None]
) -> dict[str, str]:
    """Values every row has, by canonical column; none for columns that are there.

    Args:
        layout: the form.
        above: rows above the header, as text.
        names: columns the table itself has.
    """
    labels = {key(label): name for name, some in layout.block.items() for label in some}
    found = dict(layout.fixed)
    for label, value in _labelled(above):
        name = labels.get(key(label))
        if name is not None and value:
            found.setdefault(name, value)
    return {name: value for name, value in found.items() if name not in names}


def stated_counts(
    layout: Layout, above: Sequence[Sequence[str]]
) -> dict[str, dict[str, int]]:
    """How many rows have a value, as said above the table: column -> value -> rows."""
    found: dict[str, dict[str, int]] = {}
    for column, values in layout.counted.items():
        labels = {key(label): value for value, some in values.items() for label in some}
        for label, text in _labelled(above):
            value = labels.get(key(label))
            if value is not None and text.isascii() and text.isdigit():
                found.setdefault(column, {})[value] = int(text)
    return found


def _labelled(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Label and value, in one cell ("NPP : 1"), in two, or with the colon between."""
    for row in rows:
        cells = [text for cell in row if (text := cell.strip()) and text != ":"]
        for i, cell in enumerate(cells):
            label, colon, value = cell.partition(":")
            if colon and value.strip():
                yield label, value.strip()
            elif i + 1 < len(cells):
                yield label, cells[i + 1].lstrip(": ")
