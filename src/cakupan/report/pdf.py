"""A report as PDF: PDF/A-2a and PDF/UA-1, tagged, in Indonesian.

The fonts are those in the compiler's own wheel and the template reads nothing but what
it is given, so the same report gives the same bytes on every machine.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typst

from cakupan.core.errors import CakupanError
from cakupan.core.resources import include
from cakupan.report.document import Document
from cakupan.report.plain import plain

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: list[PDFStandard] = ["a-2a", "ua-1"]
TEMPLATE = "report.typ"


#: A report has at most so many pages; a scorecard has one.
MOST_PAGES, ONE_PAGE = 8, 1
_DENSITIES = (0, 1, 2)


def pdf_bytes(document: Document) -> bytes:
    """The report as a PDF file, set as roomily as its number of pages allows.

    Raises:
        CakupanError: the template does not fit the report.
    """
    most = ONE_PAGE if len(document.sections) == 1 else MOST_PAGES
    try:
        compiler = _fitting(document, most)
        made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=0)
    except typst.TypstError as error:
        raise CakupanError(
            "REPORT_TEMPLATE",
            f"The report could not be set as PDF: {error.message}",
            "This is a fault of Cakupan; `--out F.html` and `F.xlsx` still work.",
        ) from None
    if not isinstance(made, bytes):
        raise CakupanError("REPORT_TEMPLATE", "The compiler gave no PDF.")
    return made


def _fitting(document: Document, most: int) -> typst.Compiler:
    """The roomiest setting with so few pages; optional tables are given up last."""
    for content in (document, document.shortened()):
        for density in _DENSITIES:
            compiler = _compiler(content, density)
            if int(compiler.query("<pages>", field="value", one=True)) <= most:
                return compiler
        if content.shortened() == content:
            break
    return compiler


def _compiler(document: Document, density: int) -> typst.Compiler:
    return typst.Compiler(
        str(include("report", TEMPLATE)),
        root=str(include("report")),
        ignore_system_fonts=True,
        sys_inputs={
            "report": json.dumps(plain(document), ensure_ascii=False),
            "density": str(density),
        },
    )
