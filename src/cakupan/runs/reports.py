"""The monthly report that is kept beside every release."""

from __future__ import annotations

from cakupan.core.area import AreaCode
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.report.build import build_report
from cakupan.report.files import write_report

NAME = "laporan.pdf"


def report_key(province: str, month: CoverageMonth, release_id: str) -> str:
    """Key of the report of a release in the object store."""
    return f"reports/{province}/{month}/{release_id}/{NAME}"


def keep_report(
    context: Context, province: str, month: CoverageMonth, release_id: str
) -> str:
    """Write the internal edition of the current release, unless it is there.

    It lies beside the release and is no part of it: its bytes also follow from the
    version of the compiler and from the releases of the months it compares with.

    Returns:
        Its key.

    Raises:
        CakupanError: the report could not be set; the release stands, and the next
            ``publish`` of the month tries again.
    """
    key = report_key(province, month, release_id)
    if not context.store.exists(key):
        document = build_report(context.engine, AreaCode(province), month, "internal")
        with context.scratch("report") as folder:
            write_report(document, folder / NAME)
            context.store.put(key, folder / NAME, if_absent=True)
    return key
