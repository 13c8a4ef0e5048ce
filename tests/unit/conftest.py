"""A small month for the tests of the report, computed once."""

from __future__ import annotations

import pytest

from cakupan.report.document import Document
from cakupan.report.facts import Facts
from report_case import document, facts


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What every report of it is made of."""
    return facts(tmp_path_factory.mktemp("month"))


@pytest.fixture(scope="session")
def internal(month: Facts) -> Document:
    """Its report of the province, nothing hidden."""
    return document(month)
