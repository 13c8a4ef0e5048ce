"""The command about who is who in any two person files: link."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from cakupan.cli.output import check_outputs, progress, say, show_json, writing
from cakupan.core.errors import UsageError
from cakupan.core.settings import load_settings

COLUMNS = ("left_id", "right_id", "probability", "rule")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(link)


def link(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Two person files, CSV or Parquet.", metavar="LEFT RIGHT"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="CSV, or Parquet by its suffix.")
    ] = None,
    dedupe: Annotated[
        Path | None,
        typer.Option("--dedupe", help="Find the duplicates within this one file."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", help="Lowest probability of a link, 0 to 1."),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Add a column that says what agrees.")
    ] = False,
    doubtful: Annotated[
        Path | None,
        typer.Option("--doubtful", help="Also write the pairs in doubt to this file."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the report as JSON.")
    ] = False,
) -> None:
    """Who is who in two person files, or twice in one.

    Columns: id and any of nik, name, birth_date, sex, village_code, address, phone
    (usual other names are understood). Writes left_id, right_id, probability, rule;
    nobody is linked twice between two files. The files must fit each other, not any
    rule: an identity number need not be a valid NIK.
    """
    from cakupan.core.lake import duckdb_session
    from cakupan.matching.engine import DEFAULT_THRESHOLD
    from cakupan.matching.engine import link as link_people
    from cakupan.matching.read import read_people

    sources = _sources(files, dedupe)
    limit = DEFAULT_THRESHOLD if threshold is None else threshold
    if not 0 < limit <= 1:
        raise UsageError(
            "THRESHOLD_INVALID", "--threshold is a number above 0 and up to 1."
        )
    if out is None:
        raise UsageError("OUT_MISSING", "Say where to write with --out F.")
    check_outputs({"--out": out, "--doubtful": doubtful}, sources)
    settings = load_settings()
    with progress(2) as step:
        step("membaca berkas" if not as_json else "reading")
        tables = [read_people(source) for source in sources]
        step("mencocokkan" if not as_json else "linking")
        with duckdb_session(settings) as connection:
            found = link_people(
                connection,
                tables[0][0],
                tables[1][0] if len(tables) > 1 else None,
                threshold=limit,
                threads=settings.threads,
            )
    shown = [*COLUMNS, "evidence"] if evidence else list(COLUMNS)
    _write(out, found.links.select(shown))
    if doubtful is not None:
        _write(doubtful, found.doubtful.select([*COLUMNS, "evidence"]))
    report = dataclasses.asdict(found.report)
    report["unused_columns"] = [list(layout.unused) for _, layout in tables]
    _show(report, as_json)


def _sources(files: list[Path] | None, dedupe: Path | None) -> list[Path]:
    given = list(files or [])
    if dedupe is not None and not given:
        return [dedupe]
    if dedupe is None and len(given) == 2:
        return given
    raise UsageError(
        "LINK_FILES",
        "Give two files, or one with --dedupe.",
        "cakupan link LEFT RIGHT --out F, or cakupan link --dedupe FILE --out F",
    )


def _write(target: Path, table: Any) -> None:
    import pyarrow.parquet as pq

    with writing(target):
        if target.suffix.lower() in {".parquet", ".pq"}:
            pq.write_table(table, target, compression="zstd")
            return
        with target.open("w", encoding="utf-8", newline="") as stream:
            # ids stand as they came: another program joins on them
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(table.column_names)
            for batch in table.to_batches():
                writer.writerows(zip(*batch.to_pydict().values(), strict=True))


def _show(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(report)
        return
    for side in ("left", "right"):
        if report[side] is not None:
            rows = report[side]
            say(f"{side}: {rows['received']} rows, {rows['used']} compared")
    say("fields: " + (", ".join(report["fields"]) or "none in common"))
    for rung, reason in report["skipped"].items():
        say(f"skipped {rung}: {reason}")
    for warning in report["warnings"]:
        say(f"note: {warning}")
    if report["block_cap"] is not None:
        say(
            f"note: {report['blocks_left_out']} values shared by very many rows were "
            f"not searched (cap {report['block_cap']} pairs per value)"
        )
    say(f"pairs compared: {report['compared']}")
    counts = [f"{rule} {count}" for rule, count in report["links"].items()]
    say(f"links: {sum(report['links'].values())} ({', '.join(counts) or 'none'})")
    if report["expected_precision"] is not None:
        say(f"expected precision: {report['expected_precision']:.4f}")
    say(
        f"never linked, one number but two persons: {report['conflicts']}; "
        f"in doubt below the threshold: {report['doubtful']}"
    )
