"""Commands about pairs in doubt: review list, show, decide, export, import."""

from __future__ import annotations

import dataclasses
import getpass
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cakupan.cli.output import progress, say, show_json, show_rows
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth

if TYPE_CHECKING:
    from cakupan.rosters.review import Pair, Side

Month = Annotated[str, typer.Option("--month", "-m", help="YYYY-MM.")]
Area = Annotated[str, typer.Option("--area", "-a", help="64.02, or 64 for all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who decides; the user of this machine else."),
]

reviews = typer.Typer(
    help="Pairs in doubt: is the person in the list the participant? For stewards.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(reviews, name="review")


@reviews.command("list")
def list_(
    month: Month,
    area: Area,
    every: Annotated[bool, typer.Option("--all", help="Decided pairs too.")] = False,
    as_json: AsJson = False,
) -> None:
    """The queue of a month, the most likely pairs first; no names."""
    from cakupan.core.area import AreaCode
    from cakupan.rosters.review import list_pairs
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    scope, chosen = AreaCode.parse(area), CoverageMonth.parse(month)
    with open_context() as context, as_steward(context.settings) as steward:
        pairs = list_pairs(steward, chosen, scope, only_open=not every)
    if as_json:
        show_json([dataclasses.asdict(pair) for pair in pairs])
        return
    columns = ("pair_id", "area_code", "worker_group", "link_rule", "probability",
               "decision", "decided_by", "evidence")  # fmt: skip
    show_rows(
        ([getattr(pair, name) for name in columns] for pair in pairs),
        columns,
        title=f"Pasangan yang meragukan {chosen}",
    )


@reviews.command()
def show(
    pair: Annotated[str, typer.Argument(help="Its number, or how it begins.")],
    month: Month,
    area: Area,
    as_json: AsJson = False,
) -> None:
    """Both sides of a pair, with names: the reading is logged."""
    from cakupan.core.area import AreaCode
    from cakupan.rosters.evidence import chance, sentence
    from cakupan.rosters.review import list_pairs, read_sides
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    scope, chosen = AreaCode.parse(area), CoverageMonth.parse(month)
    with open_context() as context, as_steward(context.settings) as steward:
        known = list_pairs(steward, chosen, scope, only_open=False)
        one = _named(known, pair)
        sides = read_sides(
            steward, chosen, scope, [one.pair_id], f"review show {scope} {chosen}"
        )[one.pair_id]
    told = [("daftar", _told(sides.listed)), ("bpjs", _told(sides.insured))]
    if as_json:
        show_json(dataclasses.asdict(one) | dict(told))
        return
    show_rows(
        [(name, told[0][1][name], told[1][1][name]) for name in told[0][1]],
        ("kolom", "daftar", "bpjs"),
        title=f"{one.pair_id}: {one.link_rule}, {chance(one.probability)}",
    )
    say(f"kecocokan: {sentence(one.evidence)}")
    say(f"keputusan: {one.decision or '-'} {one.decided_by or ''}")


def _told(side: Side) -> dict[str, Any]:
    return dataclasses.asdict(side)


@reviews.command()
def decide(
    pair: Annotated[str, typer.Argument(help="Its number, or how it begins.")],
    decision: Annotated[str, typer.Argument(help="same, different or unsure.")],
    month: Month,
    area: Area,
    by: By = None,
) -> None:
    """Store a decision; it holds from this month on, with the next run."""
    from cakupan.core.area import AreaCode
    from cakupan.rosters.review import decide as store
    from cakupan.rosters.review import list_pairs
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    scope, chosen = AreaCode.parse(area), CoverageMonth.parse(month)
    with open_context() as context, as_steward(context.settings) as steward:
        one = _named(list_pairs(steward, chosen, scope, only_open=False), pair)
        stored = store(
            steward, chosen, scope, {one.pair_id: decision}, by or getpass.getuser()
        )
    _say_stored(stored, chosen)


@reviews.command("export")
def export_(
    month: Month,
    area: Area,
    out: Annotated[Path, typer.Option("--out", "-o", help="Restricted .xlsx.")],
    every: Annotated[bool, typer.Option("--all", help="Decided pairs too.")] = False,
) -> None:
    """The queue with both sides as a workbook to fill in: the reading is logged."""
    from cakupan.core.area import AreaCode
    from cakupan.rosters.book import check_target
    from cakupan.rosters.review import list_pairs, read_sides
    from cakupan.rosters.review_book import write_review
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    scope, chosen = AreaCode.parse(area), CoverageMonth.parse(month)
    check_target(out)
    with open_context() as context, progress() as step:
        step(f"berkas {out}")
        with as_steward(context.settings) as steward:
            pairs = list_pairs(steward, chosen, scope, only_open=not every)
            people = read_sides(
                steward,
                chosen,
                scope,
                [pair.pair_id for pair in pairs],
                f"review export {scope} {chosen}",
            )
        with context.scratch("review") as scratch:
            write_review(out, scratch, chosen, pairs, people)
    say(f"{len(pairs)} pasangan")


@reviews.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The workbook, filled in.")],
    month: Month,
    area: Area,
    by: By = None,
) -> None:
    """Store the decisions of a workbook, all or none."""
    from cakupan.core.area import AreaCode
    from cakupan.rosters.review import decide as store
    from cakupan.rosters.review_book import read_review
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    scope, chosen = AreaCode.parse(area), CoverageMonth.parse(month)
    decisions = read_review(file)
    with open_context() as context, as_steward(context.settings) as steward:
        stored = store(steward, chosen, scope, decisions, by or getpass.getuser())
    _say_stored(stored, chosen)


def _named(pairs: Iterable[Pair], text: str) -> Pair:
    """The one pair whose number begins so."""
    begins = text.strip().lower()
    found = [pair for pair in pairs if begins and str(pair.pair_id).startswith(begins)]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "REVIEW_PAIR_UNKNOWN",
        f"{len(found)} pairs of this month and area begin with what was given.",
        "`cakupan review list --month YYYY-MM --area CODE` lists them.",
    )


def _say_stored(stored: int, month: CoverageMonth) -> None:
    say(f"{stored} keputusan disimpan; berlaku setelah `cakupan run --month {month}`")
