"""The report of a province and month, or the scorecard of one regency."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from cakupan.core import areas, names
from cakupan.core.area import AreaCode
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.publish.reading import (
    Release,
    current_release,
    latest_released,
    releases,
)
from cakupan.report import discipline, money, overview, people, regions
from cakupan.report.approval import said_of
from cakupan.report.cells import Cell
from cakupan.report.coverage import Months
from cakupan.report.districts import District, read_districts
from cakupan.report.document import Document, Edition, Section
from cakupan.report.facts import Facts, read_facts
from cakupan.report.known import public_edition
from cakupan.report.revisions import Revisions, read_changed
from cakupan.report.scorecard import scorecard


def build_report(
    engine: sa.Engine,
    area: AreaCode,
    month: CoverageMonth,
    edition: Edition,
    release: Release | None = None,
) -> Document:
    """The report of a month: its current release, in public the latest released one.

    Args:
        engine: the warehouse.
        area: a province, or a regency for its one-page scorecard.
        month: coverage month.
        edition: ``internal`` shows everything, a draft too and says so; ``public``
            hides small cells and never shows a draft, nor compares with one.
        release: of that month, where it is not to be the current one.

    Raises:
        UsageError: the area is no province or regency in force in that month, the
            month has no release, or for the public none that is released.
    """
    is_known = areas.is_known(area.code, month.last_day)
    if area.level not in {"province", "regency"} or not is_known:
        raise UsageError(
            "REPORT_AREA",
            f"There is no report for area {area}.",
            "Give a province (64) or a regency (64.02) that is in use.",
        )
    province = area.province.code

    def release_in(wanted: CoverageMonth) -> Release | None:
        if edition == "public":
            return latest_released(engine, province, wanted)
        return current_release(engine, province, wanted)

    release = release or release_in(month)
    if release is None and current_release(engine, province, month) is not None:
        raise UsageError(
            "RELEASE_NOT_APPROVED",
            f"Bulan {month} provinsi {province} masih draf.",
            "Edisi publik dibuat setelah rilisnya disetujui: `cakupan approve`.",
        )
    if release is None:
        raise UsageError(
            "NOT_RELEASED",
            f"Month {month} of province {province} has no release.",
            "Run the month first: `cakupan run --month YYYY-MM`.",
        )

    def facts_of(found: Release | None) -> Facts | None:
        if found is None:
            return None
        facts = read_facts(engine, found)
        return public_edition(facts) if edition == "public" else facts

    now = facts_of(release)
    if now is None:
        raise UsageError("NOT_RELEASED", f"Month {month} has no release.")
    months = Months(
        now,
        before=facts_of(release_in(month.plus(-1))),
        year_ago=facts_of(release_in(month.plus(-12))),
    )
    history = [
        row
        for row in releases(engine, month).as_dicts()
        if row["province_code"] == province and row["sequence"] <= release.sequence
    ]
    changed = read_changed(engine, release, (province, *now.regencies))
    districts = (
        read_districts(engine, release, area.code) if edition == "internal" else ()
    )
    return document_of(
        months, Revisions(history, changed), area.code, edition, districts
    )


def document_of(
    months: Months,
    revisions: Revisions,
    area: str,
    edition: Edition,
    districts: Sequence[District] = (),
) -> Document:
    """The report from what was read.

    Args:
        months: facts of the month and of those it is compared with.
        revisions: releases of the month up to this one, and what it moved.
        area: code of the province, or of a regency for its scorecard.
        edition: said on every page; the facts are already those of the edition.
        districts: of a regency; none in public, where they were judged by nobody.
    """
    facts = months.now
    is_province = area == facts.province
    return Document(
        title=(
            "Laporan cakupan jaminan sosial ketenagakerjaan"
            if is_province
            else "Rapor cakupan jaminan sosial ketenagakerjaan"
        ),
        subtitle=f"{names.area(area)}, {facts.month.in_words}",
        status=f"{_status(facts)} "
        + said_of(
            revisions.history[-1],
            facts.province,
            has_note=is_province and edition == "internal",
        ),
        edition=edition,
        release_id=facts.release.release_id,
        sha256=facts.release.content_sha256,
        year=facts.month.year,
        month=facts.month.month,
        sections=_sections(months, revisions)
        if is_province
        else scorecard(months, area, districts),
    )


def _sections(months: Months, revisions: Revisions) -> tuple[Section, ...]:
    facts = months.now
    return (
        *overview.overview(months),
        regions.ranking(facts),
        people.groups(facts, facts.province),
        money.funding(facts),
        money.benefits(facts),
        people.warnings(facts, facts.province),
        discipline.reporting(facts, (facts.province, *facts.regencies)),
        discipline.method(facts, revisions),
    )


def _status(facts: Facts) -> str:
    release = facts.release
    share = Cell(release.completeness_pct, "pct")
    words = (
        f"{release.present_count} dari {release.expected_count} laporan wajib ada "
        f"({share})"
    )
    if release.status == "final":
        return f"Rilis final: {words}."
    if release.present_count == release.expected_count:
        words += "; data BPJS memuat periode yang belum diposting"
    return f"Rilis sementara: {words}."
