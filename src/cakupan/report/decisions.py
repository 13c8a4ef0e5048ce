"""What needs a decision: rules over the published figures of a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cakupan.core import names
from cakupan.publish.wording import why_above_100
from cakupan.report.facts import NOT_PEOPLE, Facts

#: How many areas are named in one sentence.
_NAMED = 6


def decisions(facts: Facts) -> tuple[tuple[str, str], ...]:
    """What somebody has to decide, most urgent first; (heading, sentence).

    Rules: expected reports that are not there; areas that reported no budget, and those
    that reported nothing about it; people two payers paid for; rupiah for people no
    subsidy is due for; people who reach the age limit, whose list entry or whose
    area's policy ends; shares above 100 percent.
    """
    found = [rule(facts) for rule in _RULES]
    return tuple(one for one in found if one is not None)


def listed(codes: Iterable[str]) -> str:
    """Names of areas in a sentence."""
    return _some([names.short_area(code) for code in codes])


def _some(shown: Sequence[str]) -> str:
    if len(shown) <= _NAMED:
        return ", ".join(shown)
    return f"{', '.join(shown[:_NAMED])} dan {len(shown) - _NAMED} lainnya"


def missing(facts: Facts) -> list[tuple[str, str]]:
    """Expected reports that are not there: (area, dataset)."""
    return [
        (row["area_code"], row["dataset"])
        for row in facts.tables["monthly_reporting"]
        if row["is_expected"] and row["state"] == "missing"
    ]


def budget_states(facts: Facts) -> dict[str, bool | None]:
    """Of each regency: has a budget this year, has none, ``None`` did not report."""
    states: dict[str, bool | None] = {}
    for code in facts.regencies:
        row = facts.row(
            "monthly_funding",
            area_code=code,
            fiscal_year=facts.month.year,
            worker_group="ALL",
            payer="ALL",
        )
        states[code] = row["has_budget"] if row is not None else None
    return states


def _not_reported(facts: Facts) -> tuple[str, str] | None:
    found = missing(facts)
    if not found:
        return None
    areas = listed(dict.fromkeys(code for code, _ in found))
    return (
        "Laporan belum ada:",
        f"{len(found)} laporan wajib belum ada, dari {areas}. Angka wilayah itu kosong, "
        "bukan nol. Putuskan: surat penagihan, atau rilis tetap sementara.",
    )


def _not_budgeted(facts: Facts) -> tuple[str, str] | None:
    states = budget_states(facts)
    none = [code for code, state in states.items() if state is False]
    unknown = [code for code, state in states.items() if state is None]
    if not none and not unknown:
        return None
    year = facts.month.year
    parts = []
    if none:
        parts.append(
            f"{len(none)} wilayah melaporkan tidak menganggarkan: {listed(none)}."
        )
    if unknown:
        parts.append(
            f"{len(unknown)} wilayah belum melaporkan anggaran: {listed(unknown)}."
        )
    if none:
        parts.append("Putuskan: usulan APBD perubahan atau sumber dana lain.")
    if unknown:
        parts.append("Putuskan: tenggat laporan anggaran.")
    return f"Anggaran {year}:", " ".join(parts)


def _double_funded(facts: Facts) -> tuple[str, str] | None:
    row = facts.row(
        "monthly_discrepancies", area_code=facts.province, kind="double_funded"
    )
    if row is None or not row["person_count"]:
        return None
    persons = facts.cell("monthly_discrepancies", row, "person_count")
    rupiah = facts.cell("monthly_discrepancies", row, "rupiah")
    return (
        "Dibayar dua sumber:",
        f"{persons.words} orang dibayar dua sumber untuk bulan yang sama; kelebihannya "
        f"{rupiah.words} sebulan. Putuskan sumber mana yang berhenti.",
    )


#: What the rupiah paid for people who are not entitled rest on.
_BASES = {
    "iuran": "menurut iuran yang dibayar",
    "tarif": "menurut tarif, karena berkas iuran belum ada",
    "iuran+tarif": "menurut iuran yang dibayar; menurut tarif di wilayah yang berkas "
    "iurannya belum ada",
}


def _ineligible(facts: Facts) -> tuple[str, str] | None:
    row = facts.row(
        "monthly_funding",
        area_code=facts.province,
        fiscal_year=facts.month.year,
        worker_group="ALL",
        payer="ALL",
    )
    if row is None or not row["ineligible_rupiah"]:
        return None
    rupiah = facts.cell("monthly_funding", row, "ineligible_rupiah")
    basis = _BASES[row["ineligible_basis"]]
    return (
        "Dibayar untuk yang tidak berhak:",
        f"{rupiah.words} bulan ini ({basis}) untuk orang yang meninggal, menjadi ASN, "
        "sudah ditanggung pemberi kerja, atau di luar umur. Putuskan penghentian dan "
        "perhitungan kembali.",
    )


def _ending(facts: Facts) -> tuple[str, str] | None:
    parts = []
    for kind in ("reaching_age_limit", "decree_expiring", "policy_expiring"):
        row = facts.row(
            "monthly_early_warning",
            area_code=facts.province,
            kind=kind,
            worker_group="ALL",
        )
        if row is not None and row["person_count"]:
            cell = facts.cell("monthly_early_warning", row, "person_count")
            what = "kebijakan" if kind in NOT_PEOPLE else "orang"
            parts.append(f"{names.warning(kind).lower()}: {cell.words} {what}")
    if not parts:
        return None
    return (
        "Segera berakhir:",
        "; ".join(parts) + ". Putuskan perpanjangan atau pengganti.",
    )


def _above_100(facts: Facts) -> tuple[str, str] | None:
    table = "monthly_coverage"
    found = [
        f"{names.short_area(row['area_code'])} ({names.SEGMENTS[row['segment']]} {pct}, "
        f"penyebut {names.definition(row['definition_id'])})"
        for row in facts.rows(table, programme="ANY", is_above_100=True)
        if (pct := facts.cell(table, row, "coverage_pct")).number is not None
    ]
    if not found:
        return None
    return (
        "Persentase di atas 100:",
        f"{_some(found)}: {why_above_100()}. Putuskan penyebut yang dipakai.",
    )


_RULES = (
    _not_reported,
    _not_budgeted,
    _double_funded,
    _ineligible,
    _ending,
    _above_100,
)
