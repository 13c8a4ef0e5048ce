"""Giving a DuckDB session what the SQL of a month reads: files, areas, constants."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from cakupan.core import areas, denominators, rates
from cakupan.core.contracts import registries
from cakupan.core.engine import Session
from cakupan.core.errors import InvariantBroken
from cakupan.core.horizons import funding_rules
from cakupan.core.lake import quoted_path, run_sql
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey, register_pseudonym
from cakupan.core.resources import include
from cakupan.reconcile.inputs import MonthInput, MonthInputs
from cakupan.reconcile.tables import STAGE

SNAPSHOT = "bpjs_kepesertaan"

#: Canonical columns in which an accepted row always has a value.
_REQUIRED = {
    "registry_files": ("nik",),
    "snapshot_files": ("kpj", "segmen", "kode_kabkota"),
    "budget_files": ("tahun", "sumber_dana", "kelompok", "pagu"),
    "pledge_files": ("perusahaan",),
    "policy_files": ("jenis", "nomor", "tanggal"),
    "contribution_files": ("kpj", "bulan_iuran"),
    "claim_files": ("nomor_klaim", "program", "tanggal_bayar", "jumlah"),
    "verification_files": ("nik", "status", "tanggal"),
}


def prepare(
    connection: Session,
    person_key: PersonKey,
    province: str,
    month: CoverageMonth,
    inputs: MonthInputs,
) -> dict[str, int]:
    """Fill an empty session with all that the SQL of the stage reads.

    Returns:
        Accepted rows per view of files, ``accepted_<view>``.

    Raises:
        InvariantBroken: an accepted row lacks what its contract requires.
    """
    register_pseudonym(connection, person_key)
    rates.register(connection, month)
    for macros in ("macros_identity.sql", "macros_funding.sql"):
        run_sql(connection, STAGE, macros)
    run_sql(
        connection,
        STAGE,
        "slice",
        "load.sql",
        parameters={
            "coverage_month": month.first_day,
            "month_end": month.last_day,
            "province_code": province,
            "key_id": person_key.key_id,
        },
    )
    _fill(
        connection,
        "inputs",
        (
            (
                found.submission_id,
                found.slot.dataset,
                str(found.slot.area),
                found.slot.month.first_day,
                None if found.accepted is None else str(found.accepted),
            )
            for found in inputs.submissions
        ),
    )
    ages = yaml.safe_load(include("reference", "eligibility.yml").read_text("utf-8"))
    _fill(
        connection,
        "eligibility",
        (
            (group, rank, limits["minimum_age"], limits["maximum_age"])
            for rank, (group, limits) in enumerate(ages.items(), start=1)
        ),
    )
    rules = funding_rules()
    _fill(
        connection,
        "funding_rules",
        [(rules["government_risk_class"], rules["age_limit_months"])],
    )
    _fill(
        connection,
        "shipped_denominators",
        (
            (
                row.area_code,
                row.segment,
                row.definition_id,
                row.reference_date,
                row.person_count,
                row.source,
                row.vintage,
            )
            for row in denominators.shipped(province)
        ),
    )
    listed = inputs.of(*registries())
    extracts = inputs.of(SNAPSHOT)
    _fill(
        connection,
        "snapshot_areas",
        _covered_by_extracts(province, month, extracts),
    )
    _fill(
        connection,
        "registry_areas",
        ((code,) for code in sorted({str(found.slot.area) for found in listed})),
    )
    counts: dict[str, int] = {}
    for view, chosen in (
        ("registry_files", listed),
        ("snapshot_files", extracts),
        ("denominator_files", inputs.of("penyebut")),
        ("target_files", inputs.of("target")),
        ("budget_files", inputs.of("anggaran")),
        ("pledge_files", inputs.of("csr")),
        ("policy_files", inputs.of("kebijakan")),
        ("contribution_files", inputs.of("bpjs_iuran")),
        ("claim_files", inputs.of("bpjs_klaim")),
        ("verification_files", inputs.of("dukcapil_padan")),
    ):
        counts[f"accepted_{view}"] = _open_files(connection, view, chosen)
    _open_quarantine(connection, listed)
    _fill(
        connection,
        "decided_pairs",
        (
            (str(one.pair_id), str(one.person_id), str(one.other_id), one.decision)
            for one in inputs.decisions
        ),
    )
    return counts


def _fill(
    connection: Session,
    table: str,
    rows: Iterable[tuple[object, ...]],
) -> None:
    """Insert rows into a temporary table of ours."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"insert into {table} values ({marks})", list(row))


def _covered_by_extracts(
    province: str, month: CoverageMonth, extracts: Iterable[MonthInput]
) -> list[tuple[str]]:
    """Areas whose people can be looked up: rule 4, no data is not zero.

    An extract of the province covers everything; extracts of regencies cover those, and
    the province as a whole once every regency has one.
    """
    senders = {str(found.slot.area) for found in extracts}
    regencies = set(areas.regencies(province, month.last_day))
    if province in senders or (regencies and regencies <= senders):
        senders |= {province} | regencies
    return [(code,) for code in sorted(senders)]


def _open_files(connection: Session, view: str, inputs: Iterable[MonthInput]) -> int:
    """Make the accepted rows of several submissions one view; number of rows."""
    paths = [str(found.accepted) for found in inputs if found.accepted is not None]
    if not paths:
        connection.execute(
            f"create temp view {view} as select null::varchar as filename where false"
        )
        return 0
    files = ", ".join(quoted_path(Path(path)) for path in paths)
    connection.execute(
        f"create temp view {view} as "
        f"from read_parquet([{files}], union_by_name = true, filename = true)"
    )
    required = _REQUIRED.get(view, ())
    present = "".join(f", count({name})" for name in required)
    found = connection.execute(f"select count(*){present} from {view}").fetchone()
    total, *values = found or (0,)
    if any(count != total for count in values):
        raise InvariantBroken(
            "ACCEPTED_ROW_INCOMPLETE",
            f"Accepted rows ({view}) lack a value in one of {', '.join(required)}.",
            "The suite of the dataset lets rows through that it must quarantine.",
        )
    return int(total)


def _open_quarantine(connection: Session, inputs: Iterable[MonthInput]) -> None:
    """Table ``quarantined_rows``: rows of registries whose NIK cannot be used."""
    connection.execute(
        "create temp table quarantined_rows "
        "(submission_id varchar, source_row integer, nik_code varchar, name varchar, "
        "birth_date date, sex varchar, village_code varchar)"
    )
    for found in inputs:
        if found.quarantined is not None:
            connection.execute(
                "create or replace temp view quarantine_of_one as "
                f"from read_parquet({quoted_path(found.quarantined)})"
            )
            run_sql(
                connection,
                STAGE,
                "quarantined_rows",
                "load.sql",
                parameters={"submission_id": found.submission_id},
            )
