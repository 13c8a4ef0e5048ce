"""Find the header among the first rows and say which column is which.

Headers match by alias without case, punctuation and space; a header may span two or
three rows (merged cells), have hints in brackets, or offer two names at once
("No. KTP / NIK").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from cakupan.core.contracts import Contract
from cakupan.core.contracts import contract as load_contract
from cakupan.core.findings import Finding
from cakupan.staging.forms import given_values, matched, named, recognise, stated_counts
from cakupan.staging.keys import key
from cakupan.staging.refusal import critical, note

#: Rows in which the header is looked for.
SEARCH_ROWS = 50
_SPAN = 3
_KNOWN_FORM = 100  # each title of a form we know outweighs any other reading
#: Columns of our own correction workbook and row counters: ignored silently.
_OURS = frozenset(
    {
        "no",
        "nomor",
        "nourut",
        "nomorurut",
        "urut",
        "baris",
        "barisasal",
        "kodetemuan",
        "temuan",
        "keterangan",
        "keteranganperbaikan",
        "perbaikan",
        "caraperbaikan",
        "caramemperbaiki",
        "kolom",
        "catatan",
    }
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_EITHER = re.compile(r"[/\\|\n]|\batau\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is and what it says.

    Attributes:
        first_row: first row of the header, 1-based.
        last_row: last row of the header, 1-based; data follow.
        titles: header text of each column, in file order.
        names: canonical column name of each column, ``None`` for an unknown one.
        score: how well it fits, for choosing between sheets and delimiters.
        layout: name of the known form the file is, ``None`` for none.
        given: canonical column -> value every row has, from above the table or by form.
        counts: column -> value -> rows, as a known form states them above its table.
    """

    first_row: int
    last_row: int
    titles: tuple[str, ...]
    names: tuple[str | None, ...]
    score: int
    layout: str | None = None
    given: dict[str, str] = field(default_factory=dict, hash=False)
    counts: dict[str, dict[str, int]] = field(default_factory=dict, hash=False)


@cache
def _aliases(dataset: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for column in load_contract(dataset).columns:
        for alias in (column.name, *column.aliases):
            known.setdefault(key(alias), column.name)
    return known


def resolve(title: str, dataset: str) -> str | None:
    """Canonical column a header text means, ``None`` when it means none."""
    known = _aliases(dataset)
    found = known.get(key(title)) or known.get(key(_BRACKETS.sub(" ", title)))
    if found or len(title) > 200:
        return found
    parts = [key(part) for part in _EITHER.split(_BRACKETS.sub(r" ", title))]
    inside = [key(part[1:-1]) for part in _BRACKETS.findall(title)]
    meant = {known[part] for part in (*parts, *inside) if part in known}
    return meant.pop() if len(meant) == 1 else None


def is_ours(title: str) -> bool:
    """Whether a column is a row counter or was added by the correction workbook."""
    return key(title) in _OURS


def letters(index: int) -> str:
    """Spreadsheet letters of a column, from its 0-based index."""
    text, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text


def _cells(row: Sequence[str], width: int) -> list[str]:
    return [row[i].strip() if i < len(row) else "" for i in range(width)]


def _spread(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A group title over several columns, repeated for each title below it."""
    spread, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        spread.append(last)
    return spread


def _stacks(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Titles of each column from top to bottom, group titles included."""
    width = max(len(row) for row in rows)
    block = [_cells(row, width) for row in rows]
    for i in range(len(block) - 2, -1, -1):
        block[i] = _spread(block[i], block[i + 1])
    return [[title for title in column if title] for column in zip(*block, strict=True)]


def _meaning(titles: Sequence[str], dataset: str) -> str | None:
    """Canonical column a stack of titles means: together, reversed, or the lowest.

    A title above counts alone only where nothing but a hint stands below it, so that
    the columns under "Lahir" (tempat, tanggal) are not both taken for it.
    """
    if not titles:
        return None
    name = resolve(" ".join(titles), dataset)
    if name is None and len(titles) > 1:
        name = resolve(" ".join(titles[::-1]), dataset) or resolve(titles[-1], dataset)
        hints = [
            _BRACKETS.sub("", title).strip(" 0123456789.*") for title in titles[1:]
        ]
        if name is None and not any(hints):
            name = resolve(titles[0], dataset)
    return name


def _candidate(
    rows: Sequence[Sequence[str]], start: int, span: int, dataset: str
) -> Header | None:
    stacks = _stacks(rows[start : start + span])
    titles = [" ".join(stack) for stack in stacks]
    layout = recognise(titles, dataset)
    names = [_meaning(stack, dataset) for stack in stacks]
    given: dict[str, str] = {}
    if layout is not None:
        names = named(titles, names, layout)
        given = given_values(layout, rows[:start], names)
    found = {name for name in names if name}
    required = {c.name for c in load_contract(dataset).columns if c.required}
    score = len(found) * 2 + len(found & required) * 3
    least = 2 if len(required) > 1 else 1
    if len(found) < least or not found & required:
        return None
    return Header(
        start + 1,
        start + span,
        tuple(titles),
        tuple(names),
        score + (_KNOWN_FORM * matched(titles, layout) if layout else 0),
        layout.name if layout else None,
        given,
        stated_counts(layout, rows[:start]) if layout else {},
    )


def find_header(rows: Sequence[Sequence[str]], dataset: str) -> Header | None:
    """The best header among the first rows.

    Args:
        rows: first rows of the table as text, row 1 first.
        dataset: whose contract the titles are read by.

    Returns:
        The header, or ``None`` when no row names enough columns. Of equally good ones
        the one spanning fewer rows, then the first.
    """
    best: Header | None = None
    for span in range(1, _SPAN + 1):
        for start in range(max(0, min(len(rows), SEARCH_ROWS) - span + 1)):
            if not any(cell.strip() for cell in rows[start]):
                continue
            header = _candidate(rows, start, span, dataset)
            if header and (best is None or header.score > best.score):
                best = header
    return best


def is_numbering(row: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: ``(1) (2) (3)``."""
    numbers = []
    for cell in row:
        text = cell.strip().strip("().[] ")
        if not text:
            continue
        if not text.isascii() or not text.isdigit() or len(text) > 3:
            return False
        numbers.append(int(text))
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(numbers) >= 3 and steps == {1} and numbers[0] <= 2


def judge(header: Header, contract: Contract) -> list[Finding]:
    """Findings about the columns: ambiguous, missing, unknown.

    Args:
        header: what was found.
        contract: what should be there.
    """
    findings: list[Finding] = []
    places: dict[str, list[str]] = {}
    unknown: list[str] = []
    for i, (title, name) in enumerate(zip(header.titles, header.names, strict=True)):
        if name:
            places.setdefault(name, []).append(letters(i))
        elif title and not is_ours(title):
            unknown.append(letters(i))
    layout = contract.layout(header.layout)
    told = {*places, *header.given}
    if layout is not None:
        told |= {*layout.waived, layout.area_column or ""}  # the area: where it landed
    for column in contract.columns:
        if len(places.get(column.name, ())) > 1:
            findings.append(
                critical(
                    "COLUMN_AMBIGUOUS", column.name, ", ".join(places[column.name])
                )
            )
        stand_in = contract.either_or.get(column.name, ())
        if (
            column.required
            and column.name not in told
            and not (stand_in and all(name in places for name in stand_in))
        ):
            detail = column.name + (f" ({' + '.join(stand_in)})" if stand_in else "")
            findings.append(critical("COLUMN_MISSING", column.name, detail))
    if unknown:
        more = f" +{len(unknown) - 20}" if len(unknown) > 20 else ""
        findings.append(
            note("COLUMN_UNKNOWN", len(unknown), ", ".join(unknown[:20]) + more)
        )
    return findings
