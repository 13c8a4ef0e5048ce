"""Areas over time: which codes were in force on a day, and what became of them.

The shipped list is of one day. Links with dates (``history*.csv``) lead back from it to
the areas of an earlier month and on to areas that are only decided on. A code without a
link is taken as always in force.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

from cakupan.core import area_reference
from cakupan.core.area_reference import AreaLink

_VILLAGE_CODE = 13
_LENGTHS = (2, 5, 8, _VILLAGE_CODE)


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day of a code; ``None`` where not known or without end."""

    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether the code was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


def _is_shipped(code: str) -> bool:
    known = (
        area_reference.villages()
        if len(code) == _VILLAGE_CODE
        else area_reference.upper()
    )
    return code in known


@cache
def _own() -> dict[str, Validity]:
    """Days of the codes that a link begins or ends."""
    changes = [link for link in area_reference.links() if link.kind != "rename"]
    goes_on = {
        (link.predecessor_code, link.valid_from)
        for link in changes
        if link.predecessor_code == link.successor_code
    }
    found: defaultdict[str, Validity] = defaultdict(Validity)
    for link in changes:
        before, after, day = link.predecessor_code, link.successor_code, link.valid_from
        if (after, day) not in goes_on and len(after) >= len(before):
            found[after] = replace(found[after], valid_from=day)
        if (before, day) not in goes_on:
            found[before] = replace(found[before], valid_to=day - dt.timedelta(days=1))
    return dict(found)


def validity_of(code: str) -> Validity:
    """First and last day of a code: its own, within those of the areas above it."""
    spans = [
        _own()[code[:length]]
        for length in _LENGTHS
        if length <= len(code) and code[:length] in _own()
    ]
    starts = [span.valid_from for span in spans if span.valid_from]
    ends = [span.valid_to for span in spans if span.valid_to]
    return Validity(max(starts, default=None), min(ends, default=None))


def _moved(names: Mapping[str, str], before: str, after: str) -> dict[str, str]:
    """The areas below one code, under another."""
    return {
        after + code[len(before) :]: name
        for code, name in names.items()
        if code.startswith(f"{before}.")
    }


def _beyond(shipped: Mapping[str, str], known: dict[str, str]) -> dict[str, str]:
    """Areas below recoded codes that one side of the link is known of.

    Args:
        shipped: names by code of the list, of the levels wanted.
        known: names by code outside the list, of those levels; they are kept.
    """
    pending = [link for link in area_reference.links() if link.keeps_tails]
    progress = True
    while pending and progress:
        progress = False
        for link in list(pending):
            one, other = link.predecessor_code, link.successor_code
            for source, target in ((other, one), (one, other)):
                made = _moved({**shipped, **known}, source, target)
                if made and not any(code in shipped for code in made):
                    known = {**made, **known}
                    pending.remove(link)
                    progress = True
                    break
    return known


@cache
def _upper_beyond() -> dict[str, str]:
    """Names of provinces, regencies and districts that are not in the shipped list."""
    named: dict[str, str] = {}
    for link in area_reference.links():
        retired = area_reference.retired().get(link.predecessor_code)
        for code, name in (
            (
                link.predecessor_code,
                link.predecessor_name or (retired.name if retired else ""),
            ),
            (link.successor_code, link.successor_name),
        ):
            if name and len(code) < _VILLAGE_CODE and not _is_shipped(code):
                named[code] = name
    return _beyond(area_reference.upper(), named)


@cache
def _villages_beyond() -> dict[str, str]:
    named = {
        code: name
        for link in area_reference.links()
        for code, name in (
            (link.predecessor_code, link.predecessor_name),
            (link.successor_code, link.successor_name),
        )
        if name and len(code) == _VILLAGE_CODE and not _is_shipped(code)
    }
    return _beyond(area_reference.villages(), named)


def name_beyond(code: str) -> str | None:
    """Name of an area that is not in the shipped list, but was or will be in force."""
    found = _villages_beyond() if len(code) == _VILLAGE_CODE else _upper_beyond()
    return found.get(code)


def upper_codes() -> Iterator[tuple[str, str]]:
    """Code and name of every province, regency and district of any time."""
    yield from area_reference.upper().items()
    yield from _upper_beyond().items()


def known_codes() -> Iterator[tuple[str, str]]:
    """Code and name of every area there is, was or will be, villages last."""
    yield from upper_codes()
    yield from area_reference.villages().items()
    yield from _villages_beyond().items()


def name_on(code: str, name: str, day: dt.date | None) -> str:
    """The name of an area on a day, where a later link renames it."""
    if day is None:
        return name
    return next(
        (
            link.predecessor_name
            for link in area_reference.links()
            if link.kind == "rename"
            and link.successor_code == code
            and link.valid_from > day
        ),
        name,
    )


@cache
def _renamed() -> frozenset[str]:
    return frozenset(
        link.successor_code for link in area_reference.links() if link.kind == "rename"
    )


class AreaList:
    """The areas in force on one day.

    Args:
        day: the day; ``None`` for the shipped list as it is.
    """

    def __init__(self, day: dt.date | None) -> None:
        self._day = day

    @property
    def is_shipped(self) -> bool:
        """Whether it is the very list that is shipped."""
        return self.upper is area_reference.upper()

    @cached_property
    def upper(self) -> Mapping[str, str]:
        """Name by code of provinces, regencies and districts."""
        return self._of(area_reference.upper(), _upper_beyond())

    @cached_property
    def villages(self) -> Mapping[str, str]:
        """Name by code of villages."""
        return self._of(area_reference.villages(), _villages_beyond())

    @property
    def names(self) -> Mapping[str, str]:
        """Name by code of all levels."""
        return {**self.upper, **self.villages}

    def is_past(self, code: str) -> bool:
        """Whether an area that is not in force has ended, and is not one to come."""
        last = validity_of(code).valid_to
        return last is not None and (self._day is None or last < self._day)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Codes below, in order, of provinces and regencies; ``""``: all provinces."""
        return _grouped(self.upper)

    @cached_property
    def village_children(self) -> Mapping[str, tuple[str, ...]]:
        """Villages in order of each district."""
        return _grouped(self.villages)

    @cached_property
    def _gone(self) -> frozenset[str]:
        """Codes that begin or end by a link and are not in force."""
        day = self._day
        if day is None:
            return frozenset()
        return frozenset(
            code
            for code in _own()
            if not validity_of(code).holds(day) and _is_shipped(code)
        )

    def _beyond_of(self, beyond: Mapping[str, str]) -> dict[str, str]:
        day = self._day
        if day is None:
            return {}
        return {
            code: name for code, name in beyond.items() if validity_of(code).holds(day)
        }

    def _of(
        self, shipped: Mapping[str, str], beyond: Mapping[str, str]
    ) -> Mapping[str, str]:
        added = self._beyond_of(beyond)
        renamed = {
            code: name_on(code, shipped[code], self._day)
            for code in _renamed()
            if code in shipped
        }
        if not (added or self._gone) and all(
            shipped[code] == name for code, name in renamed.items()
        ):
            return shipped
        kept = {
            code: name
            for code, name in {**shipped, **renamed}.items()
            if not any(code[:length] in self._gone for length in _LENGTHS)
        }
        return dict(sorted({**kept, **added}.items()))


def _grouped(codes: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        below[code.rpartition(".")[0]].append(code)
    return {parent: tuple(sorted(members)) for parent, members in below.items()}


@lru_cache(maxsize=8)
def in_force(day: dt.date | None) -> AreaList:
    """The areas of a day; of months between the same changes they are the same."""
    return AreaList(None if day is None else _turning_point(day))


def _turning_point(day: dt.date) -> dt.date | None:
    """The day of the last change up to a day, the day before the first one."""
    days = sorted({link.valid_from for link in area_reference.links()})
    past = [one for one in days if one <= day]
    if past:
        return past[-1]
    return days[0] - dt.timedelta(days=1) if days else None


def links_of(code: str) -> tuple[AreaLink, ...]:
    """What became of an area that is not in force any more, or of one it lies in."""
    for length in reversed(_LENGTHS):
        if length <= len(code):
            found = [
                link
                for link in area_reference.links()
                if link.predecessor_code == code[:length] and link.kind != "rename"
            ]
            if found and not any(
                link.successor_code == link.predecessor_code for link in found
            ):
                return tuple(found)
    return ()


def all_links() -> Iterator[AreaLink]:
    """Every link, and those that follow for the codes below a recoded one."""
    codes = [code for code, _ in known_codes()]
    for link in area_reference.links():
        yield link
        if not link.keeps_tails:
            continue
        for code in codes:
            if code.startswith(f"{link.predecessor_code}."):
                yield replace(
                    link,
                    predecessor_code=code,
                    successor_code=link.successor_code
                    + code[len(link.predecessor_code) :],
                    predecessor_name="",
                    successor_name="",
                )
