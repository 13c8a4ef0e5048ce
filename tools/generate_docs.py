"""Write docs/generated/ from the schema, contracts, finding codes, rates and specs.

``--check`` writes nothing and fails when a page is not what it would write.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

import analyst_pages
import area_page
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.due import zone_of
from cakupan.core.rates import reference
from cakupan.core.resources import expectations
from cakupan.core.schema import SCHEMAS, metadata
from cakupan.core.settings import Settings
from cakupan.core.workdays import calendar_years, holidays, working_rules
from cakupan.warehouse import views

TARGET = Path(__file__).resolve().parent.parent / "docs" / "generated"
NOTE = "<!-- written by tools/generate_docs.py; change the source, then `make docs` -->"


def _cell(text: object) -> str:
    return str(text if text is not None else "").replace("|", "\\|").replace("\n", " ")


def _table(head: list[str], rows: list[list[object]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]


def dictionary() -> str:
    """Every table, view and column of the warehouse."""
    lines = [NOTE, "# Kamus data", ""]
    for schema in SCHEMAS:
        lines += [f"## Skema `{schema}`", ""]
        for table in metadata.sorted_tables:
            if table.schema != schema:
                continue
            lines += [f"### `{table.fullname}`", "", f"{table.comment}.", ""]
            lines += _table(
                ["kolom", "tipe", "kunci", "boleh kosong", "arti", "kepekaan"],
                [
                    [
                        f"`{column.name}`",
                        str(column.type).lower(),
                        "ya" if column.primary_key else "",
                        "ya" if column.nullable else "",
                        column.comment,
                        column.info.get("sensitivity", "public"),
                    ]
                    for column in table.columns
                ],
            )
            lines.append("")
    return "\n".join(lines + _views())


def _views() -> list[str]:
    """Views: what each shows and the columns that its table does not have."""
    lines = ["## Tampilan", "", "Kolom lain seperti pada tabel yang disebut.", ""]
    for name, (comment, like, columns) in sorted(views.described().items()):
        source = f" Seperti `{like}`." if like else ""
        lines += [f"### `{name}`", "", f"{comment}.{source}", ""]
        if columns:
            rows: list[list[object]] = [
                [f"`{column}`", text] for column, text in columns.items()
            ]
            lines += [*_table(["kolom", "arti"], rows), ""]
    return lines


def datasets() -> str:
    """Every dataset that can be sent."""
    lines = [NOTE, "# Dataset yang dapat dikirim", ""]
    for name in DATASETS:
        one = contract(name)
        due = (
            f"paling lambat tanggal {one.due_day} bulan berikutnya, atau hari kerja "
            "berikutnya bila libur"
            if one.due_day
            else "kapan saja"
        )
        lines += [f"## `{name}`: {one.title}", ""]
        lines += [
            f"Pengirim: {', '.join(one.senders)}. Waktu: {due}. "
            f"Format: {', '.join(one.formats)}.",
            "",
        ]
        lines += _table(
            ["kolom", "wajib", "tipe", "arti", "contoh", "judul lain yang dikenali"],
            [
                [
                    f"`{column.name}`",
                    "ya" if column.required else "",
                    column.type,
                    column.description,
                    column.example,
                    ", ".join(column.aliases),
                ]
                for column in one.columns
            ],
        )
        lines.append("")
        for layout in one.layouts:
            lines += [f"Formulir yang diterima apa adanya: {layout.title}.", ""]
    return "\n".join(lines)


def codes() -> str:
    """Every finding code with its texts."""
    raw = yaml.safe_load(expectations("codes.yml").read_text("utf-8"))
    rows = [
        [
            f"`{code}`",
            entry["grade"],
            entry["severity"],
            entry["text_id"],
            entry["fix_id"],
            entry["text_en"],
        ]
        for code, entry in sorted(raw.items())
    ]
    lines = [NOTE, "# Kode temuan", ""]
    lines += _table(["kode", "tingkat", "berat", "arti", "perbaikan", "English"], rows)
    return "\n".join([*lines, ""])


SPEC = Path(__file__).resolve().parent.parent / "tests" / "spec"

_CERTAINTY = {
    "V": "terverifikasi",
    "D": "turunan",
    "S": "sumber sekunder",
    "U": "**perlu dikonfirmasi**",
}
_BEARERS = {
    "participant": "peserta atau pembayarnya",
    "employer": "pemberi kerja",
    "worker": "pekerja",
    "government": "pemerintah",
    "contractor": "kontraktor",
    "recomposed": "dialihkan dari JKK ke JKP",
}


def _rupiah(amount: object) -> str:
    return "" if amount is None else f"{amount:,}".replace(",", ".")


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",") + " %"


def _in_force(rate: reference.Rate) -> str:
    return f"{rate.valid_from} s.d. {rate.valid_to or 'seterusnya'}"


def _amount(rate: reference.Rate) -> str:
    if rate.kind == "fixed":
        return f"Rp{_rupiah(int(rate.value))}"
    if rate.kind == "slice":
        upper = f"Rp{_rupiah(rate.slice_to)}" if rate.slice_to else "seterusnya"
        part = f"Rp{_rupiah(rate.slice_from)} s.d. {upper}"
        return f"{_percent(rate.value)} dari bagian {part}"
    bounds = [
        f"{word} Rp{_rupiah(bound)}"
        for word, bound in (
            ("terendah", rate.base_minimum),
            ("tertinggi", rate.base_maximum),
        )
        if bound
    ]
    return ", ".join([_percent(rate.value), *bounds])


def contributions() -> str:
    """Contribution rates, and the cases every change of them is tested with."""
    spec = yaml.safe_load((SPEC / "contribution_rates.yml").read_text("utf-8"))
    lines = [NOTE, "# Iuran", "", "## Tarif yang dimuat", ""]
    lines += _table(
        ["segmen", "program", "ditanggung", "risiko", "sektor", "pembayar", "besar",
         "berlaku", "kepastian", "sumber", "catatan"],
        [
            [rate.segment, rate.programme, _BEARERS[rate.borne_by], rate.risk_class,
             rate.sector_class, rate.payer_class, _amount(rate), _in_force(rate),
             _CERTAINTY[rate.certainty], rate.source, rate.note]
            for rate in reference.rates()
        ],
    )  # fmt: skip
    lines += ["", "## Golongan pembayar", ""]
    lines += _table(
        ["pembayar", "golongan", "kepastian", "alasan"],
        [
            [f"`{one.name}`", one.payer_class, _CERTAINTY[one.certainty], one.note]
            for one in reference.payers().values()
        ],
    )
    lines += ["", "Satu saja pembayar `public` membuat bulan itu bertarif penuh.", ""]
    for group in spec["contributions"]:
        lines += [f"## {group['title']}", ""]
        lines += _table(
            ["segmen", "bulan", "pembayar", "sektor", "risiko", "dasar (Rp)",
             "program", "iuran (Rp)", "jumlah (Rp)"],
            [_contribution_row(case) for case in group["cases"]],
        )  # fmt: skip
        lines.append("")
    lines += ["## Anggaran pada Rp16.800 per orang per bulan", ""]
    lines += _table(
        ["anggaran", "orang", "bulan", "rupiah"],
        [
            [case["case"], _rupiah(case["people"]), case["months"],
             _rupiah(case["expect"])]
            for case in spec["needed"]
        ],
    )  # fmt: skip
    lines += ["", "Berapa bulan yang dicakup anggaran; tidak pernah dianggap 12:", ""]
    lines += _table(
        ["anggaran", "rupiah", "orang", "bulan", "bulan penuh", "sisa (Rp)"],
        [
            [case["case"], _rupiah(case["budget"]), _rupiah(case["people"]),
             case["months"].replace(".", ","), case["whole"], _rupiah(case["left"])]
            for case in spec["covered"]
        ],
    )  # fmt: skip
    lines += ["", "## Satu bulan, beberapa pembayar", ""]
    lines += _table(
        ["kasus", "iuran (Rp)", "dibayar (Rp)", "kurang (Rp)", "lebih (Rp)"],
        [
            [case["case"], _rupiah(case["due"]),
             ", ".join(f"{k} {_rupiah(v)}" for k, v in case["expect"].items()),
             _rupiah(case["unpaid"]), _rupiah(case["over"])]
            for case in spec["shared"]
        ],
    )  # fmt: skip
    return "\n".join([*lines, ""])


def _contribution_row(case: dict[str, Any]) -> list[object]:
    payer, programmes = case["payer"], case.get("programmes", ["JKK", "JKM"])
    if "error" in case:
        shown = [f"kesalahan `{case['error']}`", ""]
    else:
        pairs = zip(programmes, case["expect"], strict=True)
        shown = [", ".join(f"{p} {_rupiah(r)}" for p, r in pairs)]
        shown.append(_rupiah(case["total"]))
    return [
        case["segment"],
        case["month"],
        payer if isinstance(payer, str) else " + ".join(payer),
        case.get("sector", "other"),
        case.get("risk"),
        _rupiah(case.get("base")),
        ", ".join(programmes),
        *shown,
    ]


def due_dates() -> str:
    """Due dates of reports and contributions, the cases, and the days off."""
    spec = yaml.safe_load((SPEC / "due_dates.yml").read_text("utf-8"))
    leave = working_rules()["collective_leave_is_free"]
    years = calendar_years()
    lines = [NOTE, "# Jatuh tempo", ""]
    lines += [
        "Batas waktu jatuh pada pukul 23.59.59 waktu setempat provinsi. Bila hari itu "
        "Sabtu, Minggu, libur nasional atau cuti bersama, batasnya hari kerja "
        "berikutnya.",
        "",
        f"Cuti bersama dihitung libur: laporan {'ya' if leave['reports'] else 'tidak'}, "
        f"iuran {'ya' if leave['contributions'] else 'tidak'} (perlu dikonfirmasi). "
        f"Hari libur dimuat untuk {years[0]}-{years[-1]}; di luar itu hanya Sabtu dan "
        "Minggu.",
        "",
        "## Laporan",
        "",
    ]
    unset = Settings(home=Path())
    lines += _table(
        ["kasus", "dataset", "bulan", "provinsi", "zona waktu", "batas", "UTC"],
        [
            [case["case"], f"`{case['dataset']}`", case["month"], case["province"],
             zone_of(case["province"], unset).key, case["expect"] or "tidak ada",
             case.get("utc")]
            for case in spec["reports"]
        ],
    )  # fmt: skip
    lines += ["", "## Iuran", ""]
    lines += _table(
        ["kasus", "segmen", "bulan iuran", "paling lambat dibayar"],
        [
            [case["case"], case["segment"], case["month"],
             case.get("expect") or f"kesalahan `{case['error']}`"]
            for case in spec["contributions"]
        ],
    )  # fmt: skip
    lines += ["", "## Hari libur dan cuti bersama", ""]
    lines += _table(
        ["tanggal", "jenis", "nama", "kepastian", "sumber", "catatan"],
        [
            [one.day, one.kind.replace("_", " "), one.name,
             _CERTAINTY[one.certainty], one.source, one.note]
            for one in holidays()
        ],
    )  # fmt: skip
    return "\n".join([*lines, ""])


def main() -> None:
    """Entry point."""
    is_check = "--check" in sys.argv
    stale = []
    for name, page in (
        ("kamus-data.md", dictionary()),
        ("dataset.md", datasets()),
        ("kode-temuan.md", codes()),
        ("iuran.md", contributions()),
        ("jatuh-tempo.md", due_dates()),
        ("wilayah.md", area_page.page(NOTE, _table)),
        ("mart.md", analyst_pages.marts(NOTE, _table)),
        ("pemrosesan.md", analyst_pages.processing(NOTE, _table)),
    ):
        path = TARGET / name
        if path.exists() and path.read_text("utf-8") == page:
            continue
        stale.append(name)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, "utf-8")
    if is_check and stale:
        raise SystemExit("docs/generated is stale: " + ", ".join(stale) + "; make docs")


if __name__ == "__main__":
    main()
