"""The public edition attacked through figures that follow from the small ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from cakupan.core.schema.mart import PUBLISHED
from cakupan.report.cells import Cell
from cakupan.report.disclosure import Attack, Key
from cakupan.report.facts import KEYS, PEOPLE, Facts, unit_of
from cakupan.report.known import (
    SHOWN,
    TOTALS,
    public_edition,
    quantities_of,
    relations_of,
)
from publish_rows import discrepancy
from report_case import facts

#: Counts and amounts of published tables that are not about the people of an area.
OF_NOBODY = {
    "eligible_count",
    "target_count",
    "target_pct",
    "village_count",
    "covered_village_count",
    "covered_village_pct",
    "budget_rupiah",
    "realised_rupiah",
    "budgeted_count",
    "submission_count",
}

MONTH = Decimal(16_800)
STATES = ("active_count", "lapsed_count", "unenrolled_count", "review_count")


def cells(found: Facts, table: str, measure: str, **where: object) -> dict[str, Cell]:
    """A figure by area."""
    return {
        row["area_code"]: found.cell(table, row, measure)
        for row in found.rows(table, **where)
    }


def money(found: Facts, kind: str) -> dict[str, Cell]:
    return cells(found, "monthly_discrepancies", "rupiah", kind=kind)


def left_over(shown: dict[str, Cell], whole: str, part: str) -> Decimal | None:
    """What one part is, when the whole and all other parts are seen."""
    others = [cell for area, cell in shown.items() if area not in {whole, part}]
    seen = [shown[whole], *others]
    if any(cell.is_hidden for cell in seen):
        return None
    return sum(
        (-(cell.number or 0) for cell in others), shown[whole].number or Decimal(0)
    )


def twice_paid(tmp_path: Path, **more: Any) -> Facts:
    """Thirty people of Kutai Kartanegara and five of Balikpapan, one of them both."""
    found = [(n, "64.02") for n in range(1, 31)] + [(n, "64.71") for n in range(30, 35)]
    rows = [
        discrepancy(n, area, "covered_by_employer", rupiah=MONTH, detail="dasar=tarif")
        for n, area in found
    ]
    return facts(tmp_path, discrepancies=rows, **more)


def test_rupiah_do_not_tell_the_people_a_count_hides(tmp_path: Path) -> None:
    """People in two regencies make counts no sum; their rupiah are one all the same."""
    found = twice_paid(tmp_path)
    kind = "covered_by_employer"
    assert money(found, kind)["64"].number == 35 * MONTH
    shown = public_edition(found)
    counts = cells(shown, "monthly_discrepancies", "person_count", kind=kind)
    assert counts["64.71"].is_hidden
    assert money(shown, kind)["64.71"].is_hidden
    assert left_over(money(shown, kind), "64", "64.71") is None


def test_the_rupiah_of_funding_do_not_tell_those_of_a_hidden_kind(
    tmp_path: Path,
) -> None:
    """Five paid for beside their employer, twenty too old: together they are 25."""
    kinds = {"covered_by_employer": range(1, 6), "ineligible_age": range(6, 26)}
    rows = [
        discrepancy(n, "64.71", kind, rupiah=MONTH, detail="dasar=tarif")
        for kind, people in kinds.items()
        for n in people
    ]
    paid = 25 * MONTH
    found = paid_for_nothing(
        facts(tmp_path, discrepancies=rows), {"64": paid, "64.71": paid}
    )
    shown = public_edition(found)
    assert money(shown, "covered_by_employer")["64.71"].is_hidden
    together = cells(
        shown, "monthly_funding", "ineligible_rupiah", worker_group="ALL", payer="ALL"
    )["64.71"]
    assert together.is_hidden or money(shown, "ineligible_age")["64.71"].is_hidden


def paid_for_nothing(found: Facts, rupiah: dict[str, Decimal]) -> Facts:
    """The facts with so much paid for the ineligible, by area."""
    table = "monthly_funding"
    rows = tuple(
        {**row, "ineligible_rupiah": rupiah.get(row["area_code"], 0)}
        if (row["worker_group"], row["payer"]) == ("ALL", "ALL")
        else row
        for row in found.tables[table]
    )
    return Facts(found.release, {**found.tables, table: rows})


@pytest.mark.parametrize(("both", "is_told"), [(1, False), (9, False), (10, True)])
def test_nobody_learns_how_few_are_of_two_kinds(
    tmp_path: Path, both: int, is_told: bool
) -> None:
    """Rupiah of the kinds less those of funding are paid for who is of two kinds."""
    kinds = {
        "covered_by_employer": range(1, 41),
        "ineligible_age": range(41 - both, 81 - both),
    }
    rows = [
        discrepancy(n, "64.02", kind, rupiah=MONTH, detail="dasar=tarif")
        for kind, people in kinds.items()
        for n in people
    ]
    paid = (80 - both) * MONTH
    found = paid_for_nothing(
        facts(tmp_path, discrepancies=rows), {"64": paid, "64.02": paid}
    )
    shown = public_edition(found)
    paid_for = cells(
        shown, "monthly_funding", "ineligible_rupiah", worker_group="ALL", payer="ALL"
    )
    for area in ("64", "64.02"):
        seen = [paid_for[area], *(money(shown, kind)[area] for kind in kinds)]
        assert all(cell.number is not None for cell in seen) is is_told, area


def test_every_figure_about_people_is_known_as_one() -> None:
    """A new column is judged before a public edition shows it."""
    for name, table in PUBLISHED.items():
        for column in table.columns:
            ending = column.name.rpartition("_")[2]
            if ending not in {"count", "rupiah"} or column.name in OF_NOBODY:
                continue
            assert column.name in PEOPLE[name], (name, column.name)
            assert unit_of(column.name) in {"count", "rupiah"}


def test_a_covered_village_has_somebody_in_it(tmp_path: Path) -> None:
    """Nine villages with somebody active: a hidden count is nine at least."""
    found = facts(tmp_path)
    table = "monthly_village_coverage"
    rows = tuple(
        {**row, "covered_village_count": 1}
        if (row["area_code"], row["worker_group"]) == ("64.71", "pekerja_rentan")
        else row
        for row in found.tables[table]
    )
    found = Facts(found.release, {**found.tables, table: rows})
    key = ("monthly_protection", "64.71", "pekerja_rentan", "ALL", "active_count")
    quantities = quantities_of(found)
    attack = Attack(quantities, relations_of(found, quantities), list(quantities))
    assert attack.solve_for(key)[0] == 1


def seen_and_hidden(found: Facts, shown: Facts) -> tuple[dict[Key, float], set[Key]]:
    """Every figure a report or a scorecard can print, and those it prints a star for."""
    values, hidden = {}, set()
    for table, _, where, measures in SHOWN:
        for row in found.rows(table, **where):
            for measure in measures:
                key = (table, row["area_code"], *_parts(table, row), measure)
                if row[measure] is None or row.get("kind") == "policy_expiring":
                    continue
                values[key] = float(row[measure])
                if shown.cell(table, row, measure).is_hidden:
                    hidden.add(key)
    for row in found.tables["monthly_protection"]:
        at = {"area_code": row["area_code"], "worker_group": row["worker_group"]}
        for measure in TOTALS:
            key = ("monthly_protection", *at.values(), "ALL", measure)
            total = found.total("monthly_protection", measure, **at)
            if total.number is not None:
                values[key] = float(total.number)
                if shown.total("monthly_protection", measure, **at).is_hidden:
                    hidden.add(key)
    return values, hidden


def _parts(table: str, row: Any) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in KEYS[table])


def sums(values: dict[Key, float]) -> list[tuple[Key, list[Key]]]:
    """What an attacker finds to add up: regencies, ALL and its parts, states of a list."""
    found: dict[Key, list[Key]] = {}
    for key in values:
        for place in range(1, len(key) - 1):
            whole = "64" if place == 1 else "ALL"
            if key[place] != whole:
                above = (*key[:place], whole, *key[place + 1 :])
                found.setdefault(above, []).append(key)
    wholes = [(above, parts) for above, parts in found.items() if above in values]
    for key in values:
        head = key[:-1]
        if key[-1] == "registered_count":
            wholes.append((key, [(*head, one) for one in STATES]))
        if key[-1] == "active_count" and key[0] == "monthly_coverage":
            wholes.append((key, [(*head, "paid_up_count"), (*head, "grace_count")]))
    return [
        (above, parts)
        for above, parts in wholes
        if all(part in values for part in parts)
        and abs(values[above] - sum(values[part] for part in parts)) < 0.005
    ]


@pytest.mark.parametrize("case", ["month", "twice paid"])
def test_an_attacker_with_all_that_is_published_learns_no_small_count(
    tmp_path: Path, case: str
) -> None:
    """Linear programs over report and scorecards, knowing nothing of how it was hidden."""
    found = facts(tmp_path) if case == "month" else twice_paid(tmp_path)
    values, hidden = seen_and_hidden(found, public_edition(found))
    known = sums(values)
    place = {key: index for index, key in enumerate(values)}
    matrix = np.zeros((len(known), len(values)))
    for line, (above, parts) in enumerate(known):
        matrix[line, place[above]] = 1
        matrix[line, [place[part] for part in parts]] = -1
    bounds = [(0, 1e12) if key in hidden else (value, value)
              for key, value in values.items()]  # fmt: skip
    small = [
        key
        for key, value in values.items()
        if 0 < value < 10 and not key[-1].endswith("rupiah")
    ]
    assert small
    assert set(small) <= hidden
    for key in small:
        aim = np.zeros(len(values))
        ends = []
        for sign in (1, -1):
            aim[place[key]] = sign
            solved = linprog(aim, A_eq=matrix, b_eq=np.zeros(len(known)), bounds=bounds)
            assert solved.status == 0
            ends.append(solved.x[place[key]])
        assert ends[1] - ends[0] >= 8.99, (key, ends)
