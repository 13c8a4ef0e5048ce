"""Commands about named people: propose, warnings. Names go to restricted files only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cakupan.cli.output import console, progress, say, show_json, show_rows
from cakupan.core.month import CoverageMonth

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Restricted .xlsx with names; for stewards."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(propose)
    app.command()(warnings)


def propose(
    area: Annotated[
        str, typer.Option("--area", "-a", help="Who proposes: 64.02, 64, 64.02.01.")
    ],
    budget: Annotated[int, typer.Option("--budget", min=0, help="Whole rupiah.")],
    months: Annotated[
        int, typer.Option("--months", min=1, max=60, help="Months to be paid.")
    ],
    payer: Annotated[
        str,
        typer.Option(
            "--payer", help="apbd_kab, apbd_prov, apbdes, apbn, csr, dbh_sawit."
        ),
    ],
    month: Annotated[
        str | None,
        typer.Option("--month", "-m", help="Data of YYYY-MM; the latest else."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", help="First month paid; the one after the data else."),
    ] = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Which vulnerable workers a budget can protect, and what the others would cost.

    Prints counts and rupiah only. --out writes the annex of the decree with the names:
    a steward's right is needed, the reading is logged, the file is yours alone.
    """
    from cakupan.core.area import AreaCode
    from cakupan.rosters.annex import write_annex
    from cakupan.rosters.book import check_target
    from cakupan.rosters.candidates import latest_month
    from cakupan.rosters.proposal import Terms, summary
    from cakupan.rosters.proposal import propose as choose_people
    from cakupan.rosters.vault import read_identities
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    where = AreaCode.parse(area)
    wanted = CoverageMonth.parse(month) if month else None
    first = CoverageMonth.parse(start) if start else None
    if out is not None:
        check_target(out)
    with open_context() as context, progress() as step:
        wanted = wanted or latest_month(context.engine, where.code[:2])
        step(f"data {wanted}")
        terms = Terms(where, wanted, payer, first or wanted.plus(1), months, budget)
        proposal = choose_people(context.engine, terms)
        if out is not None:
            step(f"berkas {out}")
            with as_steward(context.settings) as steward:
                people = read_identities(
                    steward,
                    where.code[:2],
                    [one.candidate.person_id for one in proposal.choice.covered],
                    f"propose {where} {wanted} {payer} {terms.start} {months}",
                )
            with context.scratch("annex") as scratch:
                write_annex(out, scratch, proposal, people)
    told = summary(proposal)
    if as_json:
        show_json(told)
        return
    _show_proposal(told)


def _show_proposal(told: dict[str, Any]) -> None:
    lists = {name: value for name, value in told.items() if isinstance(value, list)}
    show_rows(
        [(name, value) for name, value in told.items() if name not in lists],
        ("usulan", "nilai"),
    )
    for name in ("excluded", "areas", "rates"):
        if lists[name]:
            say(f"\n{name}")
            columns = tuple(lists[name][0])
            show_rows(
                ([row[column] for column in columns] for row in lists[name]),
                columns,
                right=[one for one in columns if one.endswith(("_count", "_rupiah"))],
            )
    say("\nurutan")
    for number, text in enumerate(lists["order"], start=1):
        console.print(f"  {number}. {text}", markup=False)
    for note in lists["notes"]:
        say(f"PERHATIAN {note}")


def warnings(
    month: Annotated[str, typer.Option("--month", "-m", help="YYYY-MM.")],
    area: Annotated[str, typer.Option("--area", "-a", help="64.02, or 64.")],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help="unpaid_1, unpaid_2, under_3_months, reaching_age_limit, "
            "decree_expiring, policy_expiring.",
        ),
    ] = None,
    out: OutFile = None,
    as_json: AsJson = False,
) -> None:
    """Who is about to lose the protection: counts as published.

    --out writes the names for the area: a steward's right is needed, the reading is
    logged, the file is yours alone.
    """
    from cakupan.core.area import AreaCode
    from cakupan.publish import queries
    from cakupan.rosters.book import check_target
    from cakupan.rosters.candidates import slice_hash
    from cakupan.rosters.vault import read_identities
    from cakupan.rosters.warnings import check_kind, read_warnings, write_warnings
    from cakupan.runs.context import open_context
    from cakupan.runs.steward import as_steward

    where, chosen = AreaCode.parse(area), CoverageMonth.parse(month)
    check_kind(kind)
    if out is not None:
        check_target(out)
    with open_context() as context, progress() as step:
        told = queries.trace(
            context.engine,
            "early_warning",
            chosen,
            where.code,
            {"kind": kind} if kind else {},
        )
        if out is not None:
            slice_hash(context.engine, where.code[:2], chosen)
            found = read_warnings(context.engine, chosen, where, kind)
            step(f"berkas {out}")
            with as_steward(context.settings) as steward:
                people = read_identities(
                    steward,
                    where.code[:2],
                    {one.person_id for one in found.people},
                    f"warnings {where} {chosen} {kind or 'semua'}",
                )
            with context.scratch("warnings") as scratch:
                write_warnings(out, scratch, where, chosen, found, people)
    columns = ("area_code", "kind", "worker_group", "person_count")
    rows = [[row[column] for column in columns] for row in told["number"]]
    show_rows(rows, columns, title=f"Peringatan dini {chosen}", right=columns[3:],
              as_json=as_json)  # fmt: skip
    if out is not None and not told["release"]["is_warehouse_unchanged"]:
        say(
            "PERHATIAN gudang data sudah berubah sejak rilis ini: daftar nama dapat "
            "berbeda dari jumlah yang diterbitkan"
        )
