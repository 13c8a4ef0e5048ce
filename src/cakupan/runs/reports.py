"""The monthly report that is kept beside every release, and where it is found."""

from __future__ import annotations

from urllib.parse import quote

from cakupan.core.area import AreaCode
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.publish import queries
from cakupan.report.build import build_report
from cakupan.report.files import write_report

NAME, DRAFT_NAME, PUBLIC_NAME = "laporan.pdf", "draf.pdf", "laporan-publik.pdf"


def report_key(
    province: str, month: CoverageMonth, release_id: str, name: str = NAME
) -> str:
    """Key of the report of a release in the object store."""
    return f"reports/{province}/{month}/{release_id}/{name}"


def keep_report(
    context: Context,
    province: str,
    month: CoverageMonth,
    release_id: str,
    *,
    is_decided_anew: bool = False,
) -> str:
    """Write the internal edition of a release, unless it is there and still true.

    It lies beside the release and is no part of it: its bytes also follow from the
    decision about the release, from the version of the compiler and from the releases
    of the months it compares with. A draft has ``draf.pdf``, never ``laporan.pdf``.

    Returns:
        Its key.

    Raises:
        CakupanError: the report could not be set; the release stands, and the next
            ``publish`` of the month tries again.
    """
    is_released = queries.approval_of(context.engine, release_id).is_released
    name = NAME if is_released else DRAFT_NAME
    key = report_key(province, month, release_id, name)
    if is_decided_anew or not context.store.exists(key):
        release = queries.release_of(context.engine, release_id)
        document = build_report(
            context.engine, AreaCode(province), month, "internal", release
        )
        with context.scratch("report") as folder:
            write_report(document, folder / name)
            context.store.put(key, folder / name, if_absent=not is_decided_anew)
    return key


def keep_public(context: Context, release: queries.Release) -> str:
    """Write the public edition of a released release, unless it is there; its key."""
    month = CoverageMonth.of(release.coverage_month)
    province = release.province_code
    key = report_key(province, month, release.release_id, PUBLIC_NAME)
    if not context.store.exists(key):
        document = build_report(
            context.engine, AreaCode(province), month, "public", release
        )
        with context.scratch("report") as folder:
            write_report(document, folder / PUBLIC_NAME)
            context.store.put(key, folder / PUBLIC_NAME, if_absent=True)
    return key


def has_links(settings: Settings) -> bool:
    """Whether a reader can open an address of the store: no folder of the server."""
    return bool(settings.report_url) or not settings.object_store.startswith("file:")


def link_of(settings: Settings, key: str) -> str:
    """Where a file of the store is found: ``CAKUPAN_REPORT_URL``, else its place."""
    if not settings.report_url:
        return f"{settings.object_store.rstrip('/')}/{key}"
    return settings.report_url.replace("{key}", quote(key))
