"""Small cells: which figures a public edition has to leave out, and nothing else.

A count of persons from one to below the threshold is hidden. So is every further figure
without which an attacker who knows the table, the rule and all that stays visible could
still compute a hidden one. What can be computed is not guessed: other tables that fit
everything visible are looked for by integer programming, and where a hidden figure could
not differ enough in any, the cheapest further figures are hidden.

Hiding more only widens what is possible, so a figure once safe stays safe. The idea of
looking for the cheapest other table is that of Kelly, Golden and Assad, "Cell
suppression: disclosure protection for sensitive tabular data", Networks 22 (1992).

The rule of the threshold is a choice of this product (statistical offices use 3 to 10);
it stands in ``include/reference/report.yml``.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

#: What a figure is known by: release, table, area, the rest of its key, measure.
Key = tuple[str, ...]

_NEARLY = 1e-6

#: Figures looked at together. Where more hang together the nearest come first: what is
#: not looked at stays as it is, so a solution found among them is one of the whole.
_TOGETHER = 600


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure about people.

    Attributes:
        value: persons, or an amount in units of what one person costs at least.
        is_whole: whether it can only be a whole number.
        people: of an amount, whose it is: it is as small as they are few.
        is_printed: whether a table holds it; what none holds can still be computed.
        is_headline: whether others are rather hidden, where there is a choice.
    """

    value: float
    is_whole: bool = True
    people: int | None = None
    is_printed: bool = True
    is_headline: bool = False

    def is_small(self, threshold: int) -> bool:
        """Whether nobody may learn it."""
        return any(
            0 < one < threshold for one in (self.value, self.people) if one is not None
        )


@dataclass(frozen=True, slots=True)
class Relation:
    """What everybody knows: ``lowest <= sum(factor * figure) <= highest``.

    Attributes:
        terms: factor and figure.
        lowest: of the sum.
        highest: of the sum.
    """

    terms: tuple[tuple[int, Key], ...]
    lowest: float = 0
    highest: float = 0


def total(whole: Key, parts: Iterable[Key]) -> Relation:
    """The parts add up to the whole."""
    return Relation(((1, whole), *((-1, part) for part in parts)))


def at_most(small: Key, large: Key) -> Relation:
    """One figure is never above the other."""
    return Relation(((1, large), (-1, small)), 0, math.inf)


def sum_at_least(whole: Key, parts: Iterable[Key]) -> Relation:
    """Parts that overlap: together they are never below the whole."""
    return Relation(((-1, whole), *((1, part) for part in parts)), 0, math.inf)


def protect(
    quantities: Mapping[Key, Quantity],
    relations: Iterable[Relation],
    threshold: int,
) -> frozenset[Key]:
    """The figures to hide.

    Args:
        quantities: every figure about people that an edition may show, and those
            that follow from them.
        relations: what is known to hold between them; one with a figure that is not
            among ``quantities`` says nothing and is left out.
        threshold: the smallest count that may be shown; 0 hides nothing.

    Returns:
        Keys of the hidden figures. Each small one could have values at least
        ``threshold - 1`` apart, each other one at least two values.
    """
    attack = Attack(
        quantities,
        relations,
        {
            key
            for key, found in quantities.items()
            if found.is_small(threshold) or not found.is_printed
        },
    )
    wanted = float(threshold - 1)
    small = sorted(key for key in attack.hidden if quantities[key].is_small(threshold))
    attack.look_around(small, wanted)
    for key in small:
        if attack.width(key) < wanted - _NEARLY:
            attack.make_room(key, wanted)
    return frozenset(attack.hidden)


class Attack:
    """What somebody who sees everything but the hidden figures can find out.

    Every solution found stays one when more is hidden, so the range seen for a figure
    only grows.

    Attributes:
        hidden: figures that are not seen.
    """

    def __init__(
        self,
        quantities: Mapping[Key, Quantity],
        relations: Iterable[Relation],
        hidden: Iterable[Key],
    ) -> None:
        self.hidden = set(hidden)
        self._quantities = quantities
        self._by_key: defaultdict[Key, list[Relation]] = defaultdict(list)
        self._sums: set[Key] = set()
        for relation in relations:
            if all(key in quantities for _, key in relation.terms):
                for _, key in relation.terms:
                    self._by_key[key].append(relation)
                if relation.lowest == relation.highest:
                    self._sums.add(relation.terms[0][1])
        self._seen = {
            key: (quantities[key].value, quantities[key].value) for key in self.hidden
        }
        # beyond every figure there is: an attacker knows no bound that is better
        self._top = 1000 + 2 * max(
            (found.value for found in quantities.values()), default=0
        )

    def width(self, key: Key) -> float:
        """How far apart the values found so far for a hidden figure are."""
        lowest, highest = self._seen[key]
        return highest - lowest

    def solve_for(self, key: Key) -> tuple[float, float]:
        """Smallest and largest value of a figure that fit everything visible."""
        for sign in (1.0, -1.0):
            self._solve(self._connected(key), {key: sign})
        return self._seen[key]

    def look_around(self, keys: Iterable[Key], wanted: float, times: int = 8) -> None:
        """Solutions in several directions: most figures need no more than these."""
        draw = np.random.default_rng(0)
        left = set(keys)
        while left:
            part = self._connected(min(left), most=_TOGETHER)
            names = [key for key in part if key in left]
            left -= set(part)
            for _ in range(times):
                short = [key for key in names if self.width(key) < wanted - _NEARLY]
                if not short:
                    break
                signs = draw.choice((-1.0, 1.0), len(short))
                self._solve(part, dict(zip(short, signs, strict=True)), gap=0.2)

    def make_room(self, key: Key, wanted: float) -> None:
        """Hide the cheapest further figures with which this one could differ so much.

        The other solution that proves it is looked for itself: one in which the figure
        is so much higher (or lower), all relations hold, and what changes of the
        visible figures costs least. What changes in it is hidden; it is then possible
        for everything hidden to be otherwise.
        """
        found = []
        for most in (_TOGETHER, None):
            unknown = self._connected(key, through_all=True, most=most)
            both = [self._other(unknown, key, way * wanted) for way in (1, -1)]
            found = [one for one in both if one is not None]
            if found or most is None or len(unknown) < most:
                break
        if not found:
            return
        _, solution = min(found, key=lambda one: one[0])
        for name, value in zip(unknown, solution, strict=True):
            known = self._quantities[name].value
            if abs(value - known) > _NEARLY * max(1.0, known):
                self.hidden.add(name)
        self._remember(unknown, solution)

    def _other(
        self, unknown: list[Key], key: Key, change: float
    ) -> tuple[float, list[float]] | None:
        """The cheapest solution in which one figure differs by so much, and its cost.

        Columns: every figure, then how far each is above and below what it is.
        """
        count = len(unknown)
        entries, ends = self._rules(unknown, dict.fromkeys(unknown))
        for index, name in enumerate(unknown):
            row = len(ends)
            entries += [
                (1.0, row, index),
                (-1.0, row, count + index),
                (1.0, row, 2 * count + index),
            ]
            ends.append((self._quantities[name].value,) * 2)
        costs = np.array([self._cost(name) for name in unknown])
        wanted = self._quantities[key].value + change
        lowest, highest = np.zeros(3 * count), np.full(3 * count, self._top)
        place = unknown.index(key)
        (lowest if change > 0 else highest)[place] = wanted
        if highest[place] < 0:
            return None
        whole = [int(self._quantities[name].is_whole) for name in unknown]
        found = milp(
            np.concatenate([np.zeros(count), costs, costs]),
            integrality=[*whole, *[0] * (2 * count)],
            bounds=Bounds(lowest, highest),
            constraints=_constraints(entries, ends, 3 * count),
            options={"mip_rel_gap": 0.05},
        )
        if found.x is None:
            return None
        return float(found.fun), self._exact(unknown, found.x[:count])

    def _cost(self, name: Key) -> float:
        """Of hiding a figure: nothing twice, sums and zeros are dear, large ones more."""
        if name in self.hidden:
            return 0.0
        value = self._quantities[name].value
        dear = 5.0 if name in self._sums else 3.0 if value == 0 else 1.0
        if self._quantities[name].is_headline:
            dear *= 10.0
        return dear * (1.0 + min(value, 1e4) / 1e4)

    def _connected(
        self, key: Key, *, through_all: bool = False, most: int | None = None
    ) -> list[Key]:
        """Hidden figures (or all) that have to do with one, itself included, in order.

        With ``most`` the nearest ones: whole relations until there are so many.
        """
        found, edge = {key}, deque([key])
        while edge and (most is None or len(found) < most):
            for relation in self._by_key.get(edge.popleft(), []):
                for _, name in relation.terms:
                    if name not in found and (through_all or name in self.hidden):
                        found.add(name)
                        edge.append(name)
        return sorted(found)

    def _solve(
        self, unknown: list[Key], aim: Mapping[Key, float], gap: float = 0.0
    ) -> None:
        """Find a solution that makes the sum of ``aim`` small, and remember it.

        A solver that gives up teaches nothing: the range stays as it is, and more gets
        hidden.
        """
        entries, ends = self._rules(unknown, set(unknown))
        target = np.array([aim.get(name, 0.0) for name in unknown])
        found = milp(
            target,
            integrality=[int(self._quantities[name].is_whole) for name in unknown],
            bounds=Bounds(0, self._top),
            constraints=_constraints(entries, ends, len(unknown)),
            options={"mip_rel_gap": gap},
        )
        if found.x is not None:
            self._remember(unknown, self._exact(unknown, found.x))

    def _rules(
        self, unknown: list[Key], free: Container[Key]
    ) -> tuple[list[tuple[float, int, int]], list[tuple[float, float]]]:
        """The relations over figures that may differ; the others are what they are."""
        position = {each: index for index, each in enumerate(unknown)}
        relations = {
            id(each): each for name in unknown for each in self._by_key.get(name, [])
        }
        entries: list[tuple[float, int, int]] = []
        ends: list[tuple[float, float]] = []
        for row, relation in enumerate(relations.values()):
            seen = 0.0
            for factor, name in relation.terms:
                if name in free:
                    entries.append((float(factor), row, position[name]))
                else:
                    seen += factor * self._quantities[name].value
            # an amount is a fraction of a unit: leave room for its rounding
            is_whole = all(
                self._quantities[name].is_whole for _, name in relation.terms
            )
            room = 0.0 if is_whole else 1e-4
            ends.append((relation.lowest - seen - room, relation.highest - seen + room))
        return entries, ends

    def _exact(self, unknown: list[Key], values: Iterable[float]) -> list[float]:
        return [
            float(round(value)) if self._quantities[name].is_whole else float(value)
            for name, value in zip(unknown, values, strict=True)
        ]

    def _remember(self, unknown: list[Key], solution: list[float]) -> None:
        for name, value in zip(unknown, solution, strict=True):
            if name in self.hidden:
                known = self._quantities[name].value
                lowest, highest = self._seen.get(name, (known, known))
                self._seen[name] = (min(lowest, value), max(highest, value))


def _constraints(
    entries: list[tuple[float, int, int]], ends: list[tuple[float, float]], width: int
) -> list[LinearConstraint]:
    if not ends:
        return []
    values, rows, columns = zip(*entries, strict=True)
    matrix = csr_array((values, (rows, columns)), shape=(len(ends), width))
    lowest, highest = zip(*ends, strict=True)
    return [LinearConstraint(matrix, lowest, highest)]
