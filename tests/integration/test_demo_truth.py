"""The truth of the demo manifest against staging and quality, file by file.

The generator knows which rows it spoiled and how; the checks must find just those.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cakupan.core.settings import Settings
from cakupan.demo import DemoFile, DemoProvince, generate
from cakupan.runs.check import checked

# one list in every format and habit, the extract and a reference file
CHOSEN = [
    *(("pekerja_rentan", f"64.{n}") for n in ("01", "02", "03", "07", "08", "09", "11",
                                               "71", "72", "74")),
    ("non_asn", "64.72"),
    ("aparatur_desa", "64.02"),
    ("rt_rw", "64.72"),
    *(("anggaran", f"64.{n}") for n in ("01", "02", "03", "71", "72", "74")),
    ("anggaran", "64"),
    ("csr", "64.02"),
    ("kebijakan", "64.02"),
    ("kebijakan", "64.08"),
    ("bpjs_kepesertaan", "64"),
    ("bpjs_iuran", "64"),
    ("bpjs_klaim", "64"),
    ("dukcapil_padan", "64"),
    ("penyebut", "64"),
    ("target", "64"),
]  # fmt: skip


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProvince]:
    target = tmp_path_factory.mktemp("demo")
    yield generate(target, months=1, scale=0.2)
    shutil.rmtree(target)


def _sent(province: DemoProvince, dataset: str, area: str) -> DemoFile:
    """The last file of a slot: the one in force."""
    return [
        found
        for found in province.files
        if (found.slot.dataset, str(found.slot.area)) == (dataset, area)
    ][-1]


@pytest.mark.parametrize("dataset, area", CHOSEN)
def test_findings_are_the_planted_ones(
    province: DemoProvince, tmp_path: Path, dataset: str, area: str
) -> None:
    sent = _sent(province, dataset, area)
    with checked(Settings(home=tmp_path), sent.path, sent.slot) as result:
        rows = result.findings.to_pylist()
    assert result.state == sent.state
    assert result.received_count == sent.row_count
    assert result.accepted_count == sent.accepted_count
    assert result.quarantined_count == sum(sent.quarantined.values())
    by_row: dict[int, set[str]] = {}
    for row in rows:
        if (row["grade"], row["severity"]) == ("record", "critical"):
            by_row.setdefault(row["source_row"], set()).add(row["code"])
    assert Counter(code for codes in by_row.values() for code in codes) == Counter(
        sent.quarantined
    )
    warned = Counter(row["code"] for row in rows if row["severity"] != "critical")
    assert {code: warned[code] for code in sent.reported} == sent.reported
