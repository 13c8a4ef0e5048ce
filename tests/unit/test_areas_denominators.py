"""Shipped denominators: the sourced figures, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from cakupan.core import areas
from cakupan.core.denominators import definitions, shipped

EMPLOYED = "bps_sakernas_agustus_bekerja"
LABOUR_FORCE = "bps_sakernas_agustus_angkatan_kerja"


#: Domain facts, section 5.1: Kalimantan Timur, Sakernas August, year by year.
AUGUST = {
    # labour force, employed, formal, informal, unemployed
    2021: (1_846_547, 1_720_361, 920_520, 799_841, 126_186),
    2022: (1_852_802, 1_746_920, 973_700, 773_220, 105_882),
    2023: (1_950_860, 1_847_295, 1_022_137, 825_158, 103_565),
    2024: (2_083_469, 1_976_447, 1_139_987, 836_460, 107_022),
    2025: (2_077_413, 1_969_739, 1_118_483, 851_256, 107_674),
}
#: The rest of sections 2.2 and 5: area, segment, definition, date -> persons.
OTHERS = {
    ("64", "ALL", "bps_sakernas_februari_angkatan_kerja", "2025-02-28"): 2_123_156,
    ("64", "ALL", "bps_sakernas_februari_bekerja", "2025-02-28"): 2_009_990,
    ("64", "PU", "bps_sakernas_februari_bekerja", "2025-02-28"): 1_066_892,
    ("64", "BPU", "bps_sakernas_februari_bekerja", "2025-02-28"): 943_098,
    ("64", "ALL", "bpjs_potensi", "2023-03-31"): 1_358_649,
    ("64.03", "ALL", LABOUR_FORCE, "2024-08-31"): 133_541,
    ("64.03", "ALL", EMPLOYED, "2024-08-31"): 126_670,
    ("64.03", "PU", EMPLOYED, "2024-08-31"): 78_488,
    ("64.03", "BPU", EMPLOYED, "2024-08-31"): 48_182,
    ("64.08", "PU", "bpjs_potensi", "2024-12-31"): 79_691,
    ("64.08", "BPU", "bpjs_potensi", "2024-12-31"): 51_086,
    ("64.08", "ALL", "bpjs_potensi", "2024-12-31"): 79_691 + 51_086,
    ("62", "ALL", LABOUR_FORCE, "2023-08-31"): 1_407_640,
    ("62", "ALL", EMPLOYED, "2023-08-31"): 1_349_880,
    ("62", "PU", EMPLOYED, "2023-08-31"): 649_780,
    ("62", "BPU", EMPLOYED, "2023-08-31"): 1_349_880 - 649_780,
    ("62", "ALL", LABOUR_FORCE, "2024-08-31"): 1_460_910,
    ("62", "ALL", EMPLOYED, "2024-08-31"): 1_402_280,
    ("62", "PU", EMPLOYED, "2024-08-31"): 710_490,
    ("62", "BPU", EMPLOYED, "2024-08-31"): 1_402_280 - 710_490,
    ("65", "ALL", LABOUR_FORCE, "2024-08-31"): 378_361 + 15_343,
    ("65", "ALL", EMPLOYED, "2024-08-31"): 378_361,
}


def test_every_shipped_figure_is_the_one_its_source_states() -> None:
    stated = dict(OTHERS)
    for year, (force, employed, formal, informal, unemployed) in AUGUST.items():
        day = f"{year}-08-31"
        stated["64", "ALL", LABOUR_FORCE, day] = force
        stated["64", "ALL", EMPLOYED, day] = employed
        stated["64", "PU", EMPLOYED, day] = formal
        stated["64", "BPU", EMPLOYED, day] = informal
        assert force == employed + unemployed
        assert employed == formal + informal
    found = {
        (
            row.area_code,
            row.segment,
            row.definition_id,
            str(row.reference_date),
        ): row.person_count
        for province in areas.children("")
        for row in shipped(province)
    }
    assert found == stated


def test_february_and_august_are_definitions_of_their_own() -> None:
    months = {"februari": 2, "agustus": 8}
    for province in areas.children(""):
        for row in shipped(province):
            for word, month in months.items():
                if word in row.definition_id:
                    assert row.reference_date.month == month
            if "sakernas" in row.definition_id:
                assert any(word in row.definition_id for word in months)


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
        assert row.vintage
        assert row.certainty in {"V", "D"}
        next_day = row.reference_date + dt.timedelta(days=1)
        assert next_day.day == 1
