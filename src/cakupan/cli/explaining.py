"""The command about one number: explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cakupan.cli.output import console, progress, say, show_json, show_rows
from cakupan.core.context import Context
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth

#: Names of ``--table``; the short one of the village table too.
TABLES = (
    "coverage",
    "protection",
    "village",
    "funding",
    "benefits",
    "discrepancies",
    "early_warning",
    "reporting",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(explain)


def explain(
    month: Annotated[str, typer.Option("--month", "-m", help="YYYY-MM.")],
    area: Annotated[str, typer.Option("--area", "-a")],
    segment: Annotated[str, typer.Option("--segment")] = "ALL",
    definition: Annotated[str | None, typer.Option("--definition")] = None,
    table: Annotated[
        str, typer.Option("--table", help=", ".join(TABLES) + ".")
    ] = "coverage",
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="COLUMN=VALUE of another table; may be repeated."),
    ] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", help="Only this column of --table.")
    ] = None,
    persons: Annotated[
        Path | None,
        typer.Option("--persons", help="Restricted .xlsx with names; for stewards."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Where one published number comes from.

    --persons writes who is behind it: a steward's right is needed, the reading is
    logged, the file is yours alone.
    """
    from cakupan.publish import queries
    from cakupan.rosters.book import check_target
    from cakupan.runs.context import open_context

    chosen = CoverageMonth.parse(month)
    name, where = _name_of(table), _where(key or [])
    if name == "coverage" and (where or measure):
        raise UsageError(
            "KEY_UNKNOWN",
            "Coverage is chosen by --segment and --definition.",
            "--key and --measure go with another --table.",
        )
    if persons is not None:
        check_target(persons)
    with open_context() as context, progress() as step:
        if name == "coverage":
            where = {"segment": segment.upper()}
            found = queries.explain(
                context.engine, chosen, area, where["segment"], definition
            )
        else:
            found = queries.trace(context.engine, name, chosen, area, where, measure)
        if persons is not None:
            step(f"berkas {persons}")
            _write_persons(context, persons, name, chosen, area, where, measure)
    if as_json:
        show_json(found)
        return
    for heading, content in found.items():
        say(f"\n{heading}")
        if isinstance(content, list) and content and isinstance(content[0], dict):
            columns = tuple(content[0])
            show_rows(([row[c] for c in columns] for row in content), columns)
        elif isinstance(content, dict):
            show_rows(content.items(), ("", heading))
        else:
            for line in content if isinstance(content, list) else [content]:
                console.print(f"  {line}", markup=False)


def _write_persons(
    context: Context,
    target: Path,
    name: str,
    month: CoverageMonth,
    area: str,
    where: dict[str, str],
    measure: str | None,
) -> None:
    from cakupan.core.area import AreaCode
    from cakupan.rosters.behind import read_behind, write_behind
    from cakupan.rosters.vault import read_identities
    from cakupan.runs.steward import as_steward

    place = AreaCode.parse(area)
    choices = [f"{column}={value}" for column, value in where.items()]
    chosen = " ".join([*choices, *([measure] if measure else [])])
    title = f"monthly_{name} {place} {month} {chosen}".strip()
    with as_steward(context.settings) as steward:
        rows = read_behind(context.engine, name, month, place, where, measure)
        people = read_identities(
            steward,
            place.code[:2],
            {one.person_id for one in rows if one.person_id is not None},
            f"explain {title}",
        )
    with context.scratch("persons") as scratch:
        write_behind(target, scratch, title, rows, people)


def _name_of(table: str) -> str:
    if table not in TABLES:
        raise UsageError(
            "TABLE_UNKNOWN", "There is no such table.", f"Known: {', '.join(TABLES)}."
        )
    return "village_coverage" if table == "village" else table


def _where(keys: list[str]) -> dict[str, Any]:
    pairs = [one.partition("=") for one in keys]
    if not all(column and value for column, _, value in pairs):
        raise UsageError(
            "KEY_INVALID", "--key is COLUMN=VALUE.", "--key worker_group=rt_rw"
        )
    return {column: value for column, _, value in pairs}
