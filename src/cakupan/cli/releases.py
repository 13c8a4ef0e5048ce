"""Commands about decisions: approve, reject, and what was decided."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from cakupan.cli.output import say, show_rows
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
    for command in (releases, approve, reject):
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
