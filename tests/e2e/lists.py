"""Small files of invented people, written with the standard library."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WORKERS = (
    "NIK", "Nama", "Tanggal Lahir", "L/P", "Kode Desa", "Penghasilan", "Status",
    "Sumber Dana",
)  # fmt: skip
MEMBERS = (
    "kpj", "nik", "nama", "tanggal_lahir", "segmen", "jkk", "jkm",
    "bulan_iuran_terakhir", "kode_kabkota", "skema_kode", "status_periode",
)  # fmt: skip
VILLAGES = {
    "64.02": "64.02.01.2003",
    "64.07": "64.07.05.2008",
    "64.09": "64.09.04.1006",
    "65.01": "65.01.01.1001",
    "91.01": "91.01.01.1002",
    "93.01": "93.01.01.1002",
    "99.01": "99.01.01.1006",  # of nobody: see made_up_areas
}
_WORDS = ("SATU", "DUA", "TIGA", "EMPAT", "LIMA", "ENAM", "TUJUH", "DELAPAN")


@dataclass(frozen=True)
class Invented:
    """A person nobody knows."""

    number: int
    regency: str = "64.02"

    @property
    def born(self) -> tuple[int, int, int]:
        return 2 + self.number % 26, 1 + self.number % 12, 1970 + self.number % 30

    @property
    def nik(self) -> str:
        day, month, year = self.born
        area = VILLAGES[self.regency].replace(".", "")[:6]
        return f"{area}{day:02d}{month:02d}{year % 100:02d}{1 + self.number:04d}"

    @property
    def name(self) -> str:
        first, second = divmod(self.number, len(_WORDS))
        return f"CONTOH {_WORDS[first % len(_WORDS)]} {_WORDS[second]}"

    @property
    def birth_date(self) -> str:
        day, month, year = self.born
        return f"{day:02d}/{month:02d}/{year}"

    @property
    def kpj(self) -> str:
        return f"26{self.number:09d}"

    def as_worker(self) -> list[str]:
        return [
            self.nik, self.name, self.birth_date, "L", VILLAGES[self.regency],
            "Rp 1.250.000", "terverifikasi", "apbd_kab",
        ]  # fmt: skip

    def as_member(
        self, paid: str, code: str, scheme: str = "", segment: str = "BPU"
    ) -> list[str]:
        return [
            self.kpj, self.nik, self.name, self.birth_date, segment, "Y", "Y", paid,
            code, scheme, "posting",
        ]  # fmt: skip


def people(count: int, regency: str = "64.02", first: int = 0) -> list[Invented]:
    return [Invented(first + number, regency) for number in range(count)]


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    path.write_text(csv_text(header, rows), "utf-8")
    return path
