"""Commands about releases: what was decided, approve, reject, deliver."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from cakupan.cli.output import progress, say, show_rows
from cakupan.core.month import CoverageMonth

Release = Annotated[str, typer.Argument(help="Release id, see `cakupan releases`.")]
By = Annotated[
    str, typer.Option("--by", help="Login or name of an approver (CAKUPAN_APPROVERS).")
]

COLUMNS = (
    "release_id",
    "status",
    "completeness_pct",
    "is_current",
    "approval",
    "is_released",
    "decided_by_name",
    "decided_at",
    "decision_note",
    "files_sha256",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (releases, approve, reject, deliver):
        app.command()(command)


def releases(
    month: Annotated[str, typer.Option("--month", "-m", help="YYYY-MM.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """The releases of a month: draft or released, by whom, with checksum."""
    from cakupan.publish import queries
    from cakupan.runs.context import open_context

    with open_context() as context:
        found = queries.releases(context.engine, CoverageMonth.parse(month)).as_dicts()
    show_rows(
        ([row[column] for column in COLUMNS] for row in found),
        COLUMNS,
        title=f"Rilis {month}",
        as_json=as_json,
    )


def approve(
    release: Release,
    by: By,
    note: Annotated[str, typer.Option("--note", help="Kept with the decision.")] = "",
) -> None:
    """Approve the current draft of a month, as a person who may."""
    _decide(release, "approved", by, note)


def reject(
    release: Release,
    by: By,
    note: Annotated[str, typer.Option("--note", help="The reason.")],
) -> None:
    """Reject the current draft of a month: it stays a draft, with the reason."""
    _decide(release, "rejected", by, note)


def _decide(
    release: str, decision: Literal["approved", "rejected"], by: str, note: str
) -> None:
    from cakupan.runs.approvals import decide
    from cakupan.runs.context import open_context

    with open_context() as context:
        made: dict[str, Any] = decide(
            context, release, decision, by=by, note=note, channel="cli"
        )
    words = "disetujui" if decision == "approved" else "ditolak, tetap draf"
    say(f"{made['release_id']}: {words}, {made['decided_by_name']}")


def deliver(
    month: Annotated[
        list[str] | None,
        typer.Option("--month", "-m", help="YYYY-MM, however old; recent ones else."),
    ] = None,
    refused: Annotated[
        bool, typer.Option("--refused", help="Also what the server refused for good.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Mail what is due: reports, and to each regency its scorecard and corrections.

    What was sent is not sent again; what failed is tried again.
    """
    from cakupan.runs.context import open_context
    from cakupan.runs.deliveries import deliver as mail_due
    from cakupan.runs.digest import mail_unsent

    months = [CoverageMonth.parse(text) for text in month] if month else None
    with open_context() as context, progress() as step:
        step("surel")
        mail_unsent(context)
        outcome = mail_due(context, months, refused_too=refused)
    columns = ("delivery", "state", "code")
    show_rows(
        ([one.delivery, one.state, one.code] for one in outcome.delivered),
        columns,
        title="Surel",
        as_json=as_json,
    )
    for note in outcome.notes:
        say(f"PERHATIAN {note}")
    if outcome.failures():
        raise typer.Exit(6)
