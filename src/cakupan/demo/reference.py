"""Denominators and targets of the synthetic province, labelled as demo."""

from __future__ import annotations

from cakupan.core.denominators import shipped
from cakupan.demo import words
from cakupan.demo.people import PROVINCE, regencies, split
from cakupan.demo.writers import Rows

ALLOCATED, SAMPLED = "demo_alokasi_penduduk", "demo_sampel"
_SERIES, _YEAR = "bps_sakernas_agustus_bekerja", 2025
# employed persons of the synthetic province at scale 1
_SAMPLE = 60_000
_PENYEBUT = (
    "kode_wilayah", "skema_kode", "segmen", "definisi", "jumlah_orang", "sumber",
    "tanggal_acuan",
)  # fmt: skip
_TARGET = ("kode_wilayah", "tahun", "segmen", "satuan", "nilai", "sumber")
_ALLOCATED_SOURCE = (
    "DEMO, bukan data BPS: Sakernas Agustus 2025 provinsi dibagi menurut penduduk"
)
_SAMPLED_SOURCE = "DEMO, bukan data BPS: alokasi demo diperkecil ke provinsi contoh"


def province_figures() -> dict[str, int]:
    """Employed persons of the province by segment, August 2025 (BPS Sakernas)."""
    return {
        row.segment: row.person_count
        for row in shipped(PROVINCE)
        if row.definition_id == _SERIES
        and row.area_code == PROVINCE
        and row.reference_date.year == _YEAR
    }


def _sampled(figures: dict[str, int], scale: float) -> dict[str, int]:
    """The figures made small enough for the synthetic people, PU and BPU sum to ALL."""
    small = {
        segment: round(_SAMPLE * scale * count / figures["ALL"])
        for segment, count in figures.items()
        if segment != "ALL"
    }
    return small | {"ALL": sum(small.values())}


def denominator_rows(scale: float) -> Rows:
    """Rows of ``penyebut``: province and regencies, two demo definitions.

    ``demo_alokasi_penduduk`` shares out the real figure of the province by population;
    ``demo_sampel`` is the same made small enough for the number of synthetic people.
    The regencies sum to the province.
    """
    figures = province_figures()
    rows: Rows = [list(_PENYEBUT)]
    small = _sampled(figures, scale)
    for definition, source, totals in (
        (ALLOCATED, _ALLOCATED_SOURCE, figures),
        (SAMPLED, _SAMPLED_SOURCE, small),
    ):
        shares = [words.POPULATION[code] for code in regencies()]
        parts = {key: split(totals[key], shares) for key in ("PU", "BPU")}
        for segment in ("PU", "BPU", "ALL"):
            counts = {PROVINCE: totals[segment]}
            for index, code in enumerate(regencies()):
                counts[code] = (
                    parts["PU"][index] + parts["BPU"][index]
                    if segment == "ALL"
                    else parts[segment][index]
                )
            rows += [
                [
                    code,
                    "kemendagri",
                    segment,
                    definition,
                    str(count),
                    source,
                    "31/08/2025",
                ]
                for code, count in counts.items()
            ]
    return rows


def target_rows(year: int, scale: float) -> Rows:
    """Rows of ``target``: a share for everyone, heads for the informal workers."""
    source = "DEMO: target contoh, bukan target resmi"
    rows: Rows = [list(_TARGET)]
    for index, code in enumerate((PROVINCE, *regencies())):
        rows.append([code, str(year), "ALL", "persen", str(60 + index % 4 * 5), source])
    informal = _sampled(province_figures(), scale)["BPU"] * 6 // 10
    rows.append([PROVINCE, str(year), "BPU", "orang", str(informal), source])
    return rows
