"""Shipped denominators: the sourced figures, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from cakupan.core import areas
from cakupan.core.denominators import definitions, shipped

EMPLOYED = "bps_sakernas_agustus_bekerja"
LABOUR_FORCE = "bps_sakernas_agustus_angkatan_kerja"


def figures(province: str, definition: str) -> dict[tuple[str, str, int], int]:
    return {
        (row.area_code, row.segment, row.reference_date.year): row.person_count
        for row in shipped(province)
        if row.definition_id == definition
    }


def test_east_kalimantan_august_series() -> None:
    found = figures("64", EMPLOYED)
    assert [found["64", "PU", year] for year in range(2021, 2026)] == [
        920_520, 973_700, 1_022_137, 1_139_987, 1_118_483,
    ]  # fmt: skip
    assert [found["64", "ALL", year] for year in range(2021, 2026)] == [
        1_720_361, 1_746_920, 1_847_295, 1_976_447, 1_969_739,
    ]  # fmt: skip
    labour = figures("64", LABOUR_FORCE)
    assert [labour["64", "ALL", year] for year in range(2021, 2026)] == [
        1_846_547, 1_852_802, 1_950_860, 2_083_469, 2_077_413,
    ]  # fmt: skip


def test_formal_and_informal_sum_to_the_employed() -> None:
    for province in ("62", "64"):
        found = figures(province, EMPLOYED)
        for (area, segment, year), count in found.items():
            if segment == "ALL":
                parts = found[area, "PU", year] + found[area, "BPU", year]
                assert parts == count, (area, year)


def test_bpjs_potential_of_kutai_timur() -> None:
    found = figures("64", "bpjs_potensi")
    assert found["64.08", "BPU", 2024] == 51_086
    assert found["64.08", "PU", 2024] == 79_691


def test_regencies_have_figures_only_where_a_source_states_them() -> None:
    regencies = {row.area_code for row in shipped("64") if len(row.area_code) > 2}
    assert regencies == {"64.03", "64.08"}
    assert shipped("93") == ()


def test_every_row_is_whole_and_the_key_is_unique() -> None:
    rows = [row for province in areas.children("") for row in shipped(province)]
    keys = Counter(
        (row.area_code, row.segment, row.definition_id, row.reference_date)
        for row in rows
    )
    assert set(keys.values()) == {1}
    for row in rows:
        assert areas.is_known(row.area_code)
        assert row.segment in {"PU", "BPU", "ALL"}
        assert row.definition_id in definitions()
        assert not row.definition_id.startswith("demo")
        assert row.person_count > 0
        assert row.source
        assert row.certainty in {"V", "D"}
        next_day = row.reference_date + dt.timedelta(days=1)
        assert next_day.day == 1
