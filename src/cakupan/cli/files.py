"""Commands about files: template, check, submit, findings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import typer

from cakupan.cli.output import (
    check_outputs,
    progress,
    say,
    show_json,
    show_rows,
    writing,
)
from cakupan.core import areas
from cakupan.core.contracts import contract
from cakupan.core.errors import SubmissionRefused, UsageError
from cakupan.core.masking import masked_name
from cakupan.core.settings import load_settings
from cakupan.core.submission import Slot

Dataset = Annotated[
    str | None,
    typer.Option("--dataset", "-d", help="Dataset; read from the name else."),
]
Area = Annotated[
    str | None, typer.Option("--area", "-a", help="Dotted code, e.g. 64.02 or 64.")
]
Month = Annotated[str | None, typer.Option("--month", "-m", help="YYYY-MM.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]

FINDING_COLUMNS = ("severity", "code", "field", "rows", "first_rows", "text", "fix")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (template, check, submit, findings):
        app.command()(command)


def template(
    dataset: Annotated[str, typer.Argument(help="Dataset, e.g. pekerja_rentan.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="XLSX file.")] = None,
) -> None:
    """Write an upload template: text columns, drop-down lists, instructions."""
    from cakupan.quality.template import write_template

    target = out or Path(f"templat_{dataset}.xlsx")
    contract(dataset)
    with writing(target):
        write_template(dataset, target)
    say(f"{target}")


def check(
    file: Annotated[Path, typer.Argument(help="File to check.")],
    dataset: Dataset = None,
    area: Area = None,
    month: Month = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="Write the correction workbook.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="id or en.")] = "id",
    as_json: AsJson = False,
) -> None:
    """Dry run: the same checks as an upload, nothing stored."""
    from cakupan.landing.naming import slot_for
    from cakupan.runs.check import checked

    settings = load_settings()
    if not _is_readable(file):
        raise UsageError(
            "FILE_NOT_FOUND",
            f"There is no file {masked_name(file.name)}, or it may not be read.",
        )
    check_outputs({"--xlsx": xlsx}, [file])
    slot = slot_for(
        file, dataset=dataset, area=area, month=month, provinces=settings.provinces
    )
    with progress() as step:
        step(f"memeriksa {slot}")
        with checked(settings, file, slot) as result:
            counts = {
                "state": result.state,
                "received_count": result.received_count,
                "accepted_count": result.accepted_count,
                "quarantined_count": result.quarantined_count,
                "rejected_count": result.rejected_count,
            }
            _workbook(
                xlsx, slot, "-", counts, result.findings, result.raw, result.layout
            )
    _show_findings(
        {"file": masked_name(file.name), **_slot_fields(slot), **counts},
        result.findings,
        lang,
        as_json,
    )
    if result.state == "refused":
        raise typer.Exit(SubmissionRefused.exit_status)


def submit(
    paths: Annotated[
        list[Path], typer.Argument(help="Files to send.", metavar="FILE…")
    ],
    dataset: Dataset = None,
    area: Area = None,
    month: Month = None,
    as_json: AsJson = False,
) -> None:
    """Put files into the landing area; what is not given is read from the name."""
    from cakupan.core.store import open_store
    from cakupan.landing.naming import slot_for
    from cakupan.landing.submit import submit_file

    settings = load_settings()
    store = open_store(settings)
    rows: list[tuple[str, str, str]] = []
    refused = 0
    with progress(len(paths)) as step:
        for path in paths:
            name = masked_name(path.name)
            step(f"mengirim {name}")
            try:
                slot = slot_for(
                    path,
                    dataset=dataset,
                    area=area,
                    month=month,
                    provinces=settings.provinces,
                )
                rows.append((name, submit_file(store, path, slot), "landed"))
            except SubmissionRefused as error:
                refused += 1
                rows.append((name, "", f"{error.code}: {error.message} {error.hint}"))
    show_rows(rows, ("file", "landing_key", "state"), as_json=as_json)
    if refused:
        raise typer.Exit(SubmissionRefused.exit_status)


def findings(
    submission: Annotated[str, typer.Argument(help="Submission id, see `status`.")],
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="Write the correction workbook.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="id or en.")] = "id",
    as_json: AsJson = False,
) -> None:
    """Findings of one submission; the correction workbook for its sender."""
    from cakupan.core import ledger
    from cakupan.runs.context import open_context
    from cakupan.runs.corrections import write_correction

    check_outputs({"--xlsx": xlsx})
    with open_context() as context:
        found = ledger.get(context.engine, submission)
        detail = ledger.details(context.engine, submission)
        table = ledger.findings(context.engine, submission)
        counts = {
            key: detail[key]
            for key in (
                "state",
                "received_count",
                "accepted_count",
                "quarantined_count",
                "rejected_count",
            )
        }
        if xlsx is not None:
            with writing(xlsx):
                write_correction(context, submission, xlsx)
            say(f"{xlsx}")
    head = {"submission_id": submission, **_slot_fields(found.slot), **counts}
    _show_findings(head, table, lang, as_json)


def _is_readable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.R_OK)
    except OSError:
        return False


def _slot_fields(slot: Slot) -> dict[str, str]:
    return {
        "dataset": slot.dataset,
        "area_code": str(slot.area),
        "month": str(slot.month),
    }


def _show_findings(
    head: dict[str, Any], table: pa.Table, lang: str, as_json: bool
) -> None:
    from cakupan.quality.summary import summarise

    groups = summarise(table, lang)
    rows = [
        (
            group.severity,
            group.code,
            group.field,
            group.row_count,
            ", ".join(str(row) for row in group.first_rows),
            group.text,
            group.fix,
        )
        for group in groups
    ]
    if as_json:
        show_json(
            {
                **head,
                "findings": [
                    {
                        **dict(zip(FINDING_COLUMNS, row, strict=True)),
                        "first_rows": list(group.first_rows),
                    }
                    for row, group in zip(rows, groups, strict=True)
                ],
            }
        )
        return
    say(" · ".join(f"{key} {value}" for key, value in head.items()))
    show_rows(rows, FINDING_COLUMNS, right=("rows",))


def _workbook(
    target: Path | None,
    slot: Slot,
    submission_id: str,
    counts: dict[str, Any],
    table: pa.Table,
    raw: Path | None,
    layout: dict[str, Any],
) -> None:
    if target is None:
        return
    from cakupan.quality.workbook import write_workbook

    with writing(target):
        write_workbook(
            target,
            raw=raw,
            layout=layout,
            findings=table,
            slot=slot,
            area_name=areas.name_of(str(slot.area)) or "",
            submission_id=submission_id,
            counts=counts,
        )
    say(f"{target}")
