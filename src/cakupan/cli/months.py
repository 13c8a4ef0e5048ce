"""Commands about months: run, status, coverage, differences, export, sql."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cakupan.cli.output import (
    check_outputs,
    console,
    progress,
    say,
    show_json,
    show_rows,
    write_csv,
)
from cakupan.core.context import Context
from cakupan.core.errors import SubmissionRefused, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import load_settings

STAGES = ("landing", "staging", "quality", "reconcile", "warehouse", "publish")

Month = Annotated[str, typer.Option("--month", "-m", help="YYYY-MM.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write a CSV file too.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (run, status, coverage, differences, export, sql):
        app.command()(command)


def run(
    month: Annotated[
        list[str] | None,
        typer.Option("--month", "-m", help="YYYY-MM; may be repeated."),
    ] = None,
    stage: Annotated[
        list[str] | None, typer.Option("--stage", help=", ".join(STAGES) + ".")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Process what has landed, whole months, without Airflow."""
    from cakupan.runs.context import open_context
    from cakupan.runs.whole import run_landed

    stages = tuple(stage or STAGES)
    for name in stages:
        if name not in STAGES:
            raise UsageError(
                "STAGE_UNKNOWN", f"Stage {name!r}.", "Known: " + ", ".join(STAGES) + "."
            )
    months = [CoverageMonth.parse(text) for text in month] if month else None
    with open_context() as context, progress() as step:
        outcome = run_landed(context, months=months, stages=stages, on_step=step)
    rows = [
        (
            one.submission_id,
            one.state,
            one.received_count,
            one.accepted_count,
            one.quarantined_count,
            one.rejected_count,
        )
        for one in outcome.submissions
    ]
    columns = (
        "submission_id",
        "state",
        "received",
        "accepted",
        "quarantined",
        "rejected",
    )
    releases = [
        (made["month"], made["province"], made["release_id"], made["status"],
         made["completeness_pct"], made["is_new"])
        for made in outcome.releases
    ]  # fmt: skip
    release_columns = (
        "month",
        "province",
        "release_id",
        "status",
        "completeness_pct",
        "is_new",
    )
    if as_json:
        show_json(
            {
                "submissions": [dict(zip(columns, row, strict=True)) for row in rows],
                "releases": [
                    dict(zip(release_columns, row, strict=True)) for row in releases
                ],
                "failures": outcome.failures,
            }
        )
    else:
        if rows:
            show_rows(rows, columns, title="Kiriman", right=columns[2:])
        if releases:
            show_rows(releases, release_columns, title="Rilis")
        if not rows and not releases:
            say("Tidak ada yang baru.")
        for failure in outcome.failures:
            say(f"GAGAL {failure}")
    if outcome.failures:
        raise typer.Exit(6)
    if any(one.state == "refused" for one in outcome.submissions):
        raise typer.Exit(SubmissionRefused.exit_status)


def status(
    month: Annotated[
        str | None, typer.Option("--month", "-m", help="YYYY-MM; the latest else.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The matrix area × dataset: expected, received, in time, accepted, rejected."""
    from cakupan.runs.context import open_context
    from cakupan.runs.status import matrix, submissions

    with open_context() as context:
        chosen = _month_or_latest(context, month)
        if chosen is None:
            say("Belum ada kiriman.")
            if as_json:
                show_json({"month": None, "reporting": [], "submissions": []})
            return
        rows = matrix(context, chosen)
        sent = submissions(context, chosen)
    if as_json:
        show_json({"month": str(chosen), "reporting": rows, "submissions": sent})
        return
    columns = (
        "area_code",
        "name",
        "dataset",
        "state",
        "is_refused",
        "revision",
        "received_count",
        "accepted_count",
        "quarantined_count",
        "rejected_count",
        "received_at",
        "due_at",
        "submission_id",
    )
    show_rows(
        ([row.get(column) for column in columns] for row in rows),
        columns,
        title=f"Pelaporan {chosen}",
        right=columns[5:10],
    )


def coverage(
    month: Month,
    area: Annotated[str | None, typer.Option("--area", "-a")] = None,
    level: Annotated[
        str | None,
        typer.Option("--level", help="province, regency, district, village."),
    ] = None,
    segment: Annotated[
        str | None, typer.Option("--segment", help="PU, BPU, JAKON, PMI, ALL.")
    ] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", help="ANY, JKK, JKM, JHT, JP, JKP.")
    ] = None,
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """The coverage table of a month."""
    from cakupan.publish import queries
    from cakupan.runs.context import open_context

    chosen = CoverageMonth.parse(month)
    check_outputs({"--csv": csv})
    with open_context() as context:
        found = queries.coverage_rows(
            context.engine,
            chosen,
            area=area,
            level=level,
            segment=segment.upper() if segment else None,
            programme=programme.upper() if programme else None,
        )
    if not found.rows:
        raise UsageError(
            "NOTHING_PUBLISHED",
            f"No coverage is published for {chosen} with these choices.",
            "See `cakupan status` and run the month first.",
        )
    if csv is not None:
        write_csv(csv, found.rows, found.columns)
        say(f"{csv}")
    # on a terminal, the default view is what fits: regencies, any programme
    rows: Sequence[Sequence[Any]] = found.rows
    if console.is_terminal and not as_json and not (level or area or programme):
        where = found.columns.index("programme"), found.columns.index("area_level")
        rows = [
            row
            for row in rows
            if row[where[0]] == "ANY" and row[where[1]] in {"province", "regency"}
        ]
    show_rows(
        rows,
        found.columns,
        title=f"Cakupan {chosen}",
        right=[name for name in found.columns if name.endswith(("_count", "_pct"))],
        as_json=as_json,
    )
    for note in queries.notes_on(
        dict(zip(found.columns, row, strict=True)) for row in rows
    ):
        say(f"PERHATIAN {note}")


def differences(
    month: Month,
    province: Annotated[str | None, typer.Option("--province")] = None,
    release: Annotated[
        str | None, typer.Option("--release", help="Later release; the current else.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="Earlier one; its predecessor else.")
    ] = None,
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """What the last correction of a month moved: every number, before and after."""
    from cakupan.publish import queries
    from cakupan.runs.context import open_context

    chosen = CoverageMonth.parse(month)
    check_outputs({"--csv": csv})
    rows: list[tuple[Any, ...]] = []
    people: list[tuple[Any, ...]] = []
    with open_context() as context:
        current = (
            queries.current_release(context.engine, one, chosen)
            for one in ([province] if province else context.settings.provinces)
        )
        wanted = [release] if release else [one.release_id for one in current if one]
        for release_id in wanted:
            later = queries.release_of(context.engine, release_id)
            earlier = against or later.supersedes
            if earlier is None:
                say(f"{later.release_id}: rilis pertama, belum ada selisih.")
                continue
            found = queries.differences(context.engine, later.release_id, earlier)
            pair = (later.release_id, earlier)
            rows += [(*pair, *row) for row in found.rows]
            if earlier == later.supersedes:
                moved = queries.movements(context.engine, later)
                people += [(later.release_id, *row) for row in moved.rows]
    columns = ("release_id", "previous_release_id", *queries.DIFFERENCE_COLUMNS)
    counted = ("release_id", *queries.MOVEMENT_COLUMNS)
    if csv is not None:
        write_csv(csv, rows, columns)
        say(f"{csv}")
    if as_json:
        show_json(
            {
                "differences": [dict(zip(columns, row, strict=True)) for row in rows],
                "movements": [dict(zip(counted, row, strict=True)) for row in people],
            }
        )
        return
    show_rows(rows, columns, title=f"Selisih {chosen}", right=columns[-2:])
    for _, area, source, group, *counts in people:
        entered, left, changed = counts
        say(
            f"{area} {source} {group}: masuk {entered}, keluar {left}, "
            f"berubah {changed} orang"
        )


def export(
    month: Month,
    to: Annotated[Path, typer.Option("--to", help="Folder.")],
    province: Annotated[str | None, typer.Option("--province")] = None,
) -> None:
    """Copy the files of the current releases of a month to a folder."""
    from cakupan.publish.files import export_month
    from cakupan.publish.queries import current_release
    from cakupan.runs.context import open_context

    chosen = CoverageMonth.parse(month)
    with open_context() as context, progress() as step:
        served = context.settings.provinces
        released = [
            one for one in served if current_release(context.engine, one, chosen)
        ]
        for one in [province] if province else released or served:
            step(f"rilis {one} {month}")
            for path in export_month(context, one, chosen, to):
                say(f"{path}")


def sql(
    query: Annotated[str, typer.Argument(help="One read-only statement.")],
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """Run a read-only query on the warehouse as the analyst role."""
    from cakupan.runs.context import open_context
    from cakupan.runs.query import as_analyst

    check_outputs({"--csv": csv})
    with open_context(load_settings()) as context:
        columns, rows = as_analyst(context.settings, query)
    if csv is not None:
        write_csv(csv, rows, columns)
        say(f"{csv}")
        return
    show_rows(rows, columns, as_json=as_json)


def _month_or_latest(context: Context, month: str | None) -> CoverageMonth | None:
    if month:
        return CoverageMonth.parse(month)
    from cakupan.runs.status import latest_month

    return latest_month(context)
