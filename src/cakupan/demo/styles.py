"""How each regency writes its files: format, headers, dates, rupiah, areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cakupan.demo import words
from cakupan.demo.people import Array


@dataclass(frozen=True, slots=True)
class Style:
    """The habits of one sender.

    Attributes:
        suffix: file name ending; ``xls`` files hold XLSX bytes, as is often seen.
        headers: index into the spellings of ``HEADERS``.
        delimiter: of CSV files.
        encoding: of CSV files.
        dates: ``slash``, ``dash``, ``iso``, ``words`` or ``cell`` (real date cells).
        rupiah: ``id`` 1.250.000, ``us`` 1,250,000, ``rp`` Rp 1.250.000, ``plain``.
        by_name: villages by name and district instead of by code.
        dotted: village codes with dots.
        preamble: title lines stand above the header.
        totals: a totals row stands at the end.
        shout: names in capitals.
        sex: words for men and women.
        payers: payers in the words of the office.
    """

    suffix: str
    headers: int = 0
    delimiter: str = ","
    encoding: str = "utf-8"
    dates: str = "slash"
    rupiah: str = "id"
    by_name: bool = False
    dotted: bool = True
    preamble: bool = False
    totals: bool = False
    shout: bool = True
    sex: tuple[str, str] = ("L", "P")
    payers: bool = False

    @property
    def is_sheet(self) -> bool:
        """Whether cells have types."""
        return self.suffix in {"xlsx", "xls", "ods"}


STYLES = {
    "64.01": Style("csv"),
    "64.02": Style("xlsx", 1, dates="cell", by_name=True, preamble=True, totals=True,
                   payers=True),
    "64.03": Style("csv", 2, ";", "cp1252", "dash", "rp", by_name=True, preamble=True,
                   shout=False),
    "64.07": Style("xlsx", 1, dates="words", by_name=True, shout=False),
    "64.08": Style("tsv", 0, "\t", "utf-8-sig", "iso", "plain", dotted=False),
    "64.09": Style("xls", 2, sex=("Laki-laki", "Perempuan"), totals=True),
    "64.11": Style("ods", 1, dates="slash", rupiah="plain"),
    "64.71": Style("csv.gz", 1, dates="dash", payers=True),
    "64.72": Style("xlsx", 2, dates="cell", rupiah="us", dotted=False, preamble=True),
    "64.74": Style("csv", 1, "|", dates="iso", sex=("Laki-laki", "Perempuan")),
}  # fmt: skip

HEADERS = {
    "nik": ("nik", "No. KTP", "NOMOR INDUK KEPENDUDUKAN"),
    "nama": ("nama", "Nama Lengkap", "NAMA SESUAI KTP"),
    "tanggal_lahir": ("tanggal_lahir", "Tgl. Lahir", "TANGGAL LAHIR"),
    "jenis_kelamin": ("jenis_kelamin", "L/P", "JENIS KELAMIN"),
    "alamat": ("alamat", "Alamat Rumah", "ALAMAT LENGKAP"),
    "kode_desa": ("kode_desa", "Kode Desa/Kelurahan", "KODE KELURAHAN"),
    "desa": ("desa", "Desa/Kelurahan", "NAMA KAMPUNG"),
    "kecamatan": ("kecamatan", "Kec.", "NAMA KECAMATAN"),
    "pekerjaan": ("pekerjaan", "Jenis Pekerjaan", "PROFESI"),
    "penghasilan": ("penghasilan", "Penghasilan per Bulan", "PENDAPATAN"),
    "status": ("status", "Status Usulan", "STATUS PENETAPAN"),
    "nomor_sk": ("nomor_sk", "No. SK", "NOMOR SURAT KEPUTUSAN"),
    "tanggal_sk": ("tanggal_sk", "Tgl SK", "TANGGAL PENETAPAN"),
    "sumber_dana": ("sumber_dana", "Sumber Pendanaan", "SUMBER ANGGARAN"),
    "mulai": ("mulai", "TMT", "TANGGAL MULAI"),
    "no_hp": ("no_hp", "No. HP", "NOMOR TELEPON"),
    "unit_kerja": ("unit_kerja", "Unit Kerja", "UNIT KERJA"),
    "jabatan": ("jabatan", "Jabatan", "JABATAN"),
    "upah": ("upah", "Upah", "UPAH"),
    "tahun": ("tahun", "Tahun Anggaran", "T.A."),
    "kelompok": ("kelompok", "Kelompok Sasaran", "SASARAN"),
    "jumlah_orang": ("jumlah_orang", "Jumlah Peserta", "JUMLAH PESERTA"),
    "jumlah_bulan": ("jumlah_bulan", "Jml. Bulan", "JUMLAH BULAN"),
    "pagu": ("pagu", "Pagu Anggaran (Rp)", "PAGU"),
    "realisasi": ("realisasi", "Realisasi s/d Bulan Ini", "REALISASI (Rp)"),
    "nomor_dpa": ("nomor_dpa", "No. DPA", "NOMOR DPA"),
    "perusahaan": ("perusahaan", "Nama Perusahaan", "BADAN USAHA"),
    "nilai": ("nilai", "Nilai CSR (Rp)", "NILAI"),
    "nomor_pks": ("nomor_pks", "No. PKS", "NOMOR PKS"),
    "jenis": ("jenis", "Jenis Kebijakan", "JENIS PERATURAN"),
    "nomor": ("nomor", "Nomor Peraturan", "NOMOR DOKUMEN"),
    "tanggal": ("tanggal", "Tgl. Penetapan", "TANGGAL DITETAPKAN"),
    "berlaku_sampai": ("berlaku_sampai", "Berlaku s/d", "MASA BERLAKU"),
    "tentang": ("tentang", "Perihal", "TENTANG"),
    "nomor_klaim": ("nomor_klaim", "No. Klaim", "NOMOR KLAIM"),
    "kpj": ("kpj", "No. KPJ", "NOMOR KPJ"),
    "program": ("program", "Program", "PROGRAM"),
    "tanggal_kejadian": ("tanggal_kejadian", "Tgl Kejadian", "TANGGAL KEJADIAN"),
    "tanggal_bayar": ("tanggal_bayar", "Tgl Bayar", "TANGGAL BAYAR"),
    "jumlah": ("jumlah", "Jumlah Dibayar", "NILAI KLAIM"),
    "penerima": ("penerima", "Ahli Waris", "PENERIMA MANFAAT"),
}

PAYER_WORDS = {
    "apbd_kab": "APBD Kabupaten",
    "apbd_prov": "APBD Provinsi",
    "dbh_sawit": "DBH Sawit",
    "apbdes": "APB Desa",
    "csr": "CSR Perusahaan",
}


def days(values: Array, style: Style) -> list[object]:
    """Dates as the office writes them; NaT stays empty."""
    found: list[object] = []
    for day in values.astype("M8[D]").astype(object):
        if day is None:
            found.append("")
        elif style.dates == "cell":
            found.append(day)
        elif style.dates == "iso":
            found.append(day.isoformat())
        elif style.dates == "words":
            found.append(f"{day.day} {words.MONTHS[day.month - 1]} {day.year}")
        else:
            mark = "-" if style.dates == "dash" else "/"
            found.append(f"{day.day:02d}{mark}{day.month:02d}{mark}{day.year}")
    return found


def rupiah(values: Array, style: Style) -> list[object]:
    """Whole rupiah as the office writes them."""
    numbers = values.tolist()
    if style.rupiah == "plain":
        return [str(number) for number in numbers]
    if style.rupiah == "us":
        return [f"{number:,}.00" for number in numbers]
    start = "Rp " if style.rupiah == "rp" else ""
    return [start + f"{number:,}".replace(",", ".") for number in numbers]


def written_names(names: Array, style: Style) -> list[object]:
    """Names in the case of the office; a typographic apostrophe in old code pages."""
    text = np.char.upper(names) if style.shout else names
    if style.encoding == "cp1252":
        text = np.char.replace(text, "'", "\N{RIGHT SINGLE QUOTATION MARK}")
    found: list[object] = text.tolist()
    return found
