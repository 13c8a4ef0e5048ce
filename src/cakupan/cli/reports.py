"""The command about the monthly report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cakupan.cli.output import progress, say
from cakupan.core.area import AreaCode
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(report)


def report(
    month: Annotated[str, typer.Option("--month", "-m", help="YYYY-MM.")],
    out: Annotated[Path, typer.Option("--out", help="File: .pdf, .xlsx or .html.")],
    area: Annotated[
        str | None,
        typer.Option(
            "--area", "-a", help="A province, or a regency for its one-page scorecard."
        ),
    ] = None,
    edition: Annotated[
        str,
        typer.Option(
            "--edition", help="internal, or public: small counts are left out."
        ),
    ] = "internal",
) -> None:
    """The monthly report of the current release."""
    from cakupan.report.build import build_report
    from cakupan.report.files import write_report, writer_of
    from cakupan.runs.context import open_context

    if edition not in {"internal", "public"}:
        raise UsageError(
            "EDITION_UNKNOWN", f"Edition {edition!r}.", "Choose internal or public."
        )
    writer_of(out)
    chosen = CoverageMonth.parse(month)
    with open_context() as context, progress() as step:
        wanted = AreaCode.parse(area or context.settings.provinces[0])
        step(f"laporan {wanted} {chosen}")
        document = build_report(
            context.engine,
            wanted,
            chosen,
            "public" if edition == "public" else "internal",
        )
    write_report(document, out)
    say(f"{out}")
