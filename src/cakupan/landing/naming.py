"""What a file is about, read from its landing key or its name.

``landing/<dataset>/<area>/<YYYY-MM>/<any name>`` says it by folders, the flat name
``<dataset>_<area>_<YYYY-MM>[_anything].<ext>`` by itself, in any folder. Where both are
whole the folders of a landing key win, as "any name" may say anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.errors import SubmissionRefused
from cakupan.core.findings import Finding, Grade, Severity
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot

LANDING = "landing/"

#: Where the dataset or the area of a refused file cannot be told.
UNKNOWN_DATASET = "tidak_dikenal"
UNKNOWN_AREA = AreaCode("00")

_AREA = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_MONTH = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])")
_NAME = re.compile(r"[a-z][a-z0-9]*([_ -][a-z0-9]+)*", re.I)
# the month must not be the beginning of a date (2026-09-30 says when, not for when)
_FLAT = re.compile(
    r"(?P<dataset>[a-z][a-z_ -]*?)[_ -]+(?P<area>[0-9][0-9.]*)[_ -]+"
    r"(?P<month>[0-9]{4}-[0-9]{2})(?![0-9]|-[0-9]{2}(?![0-9]))",
    re.I,
)
_AREA_IN_NAME = re.compile(r"(?<![0-9.])[0-9]{2}\.[0-9]{2}(?![0-9]|\.[0-9])")
_MONTH_IN_NAME = re.compile(r"(?<![0-9])20[0-9]{2}-[0-9]{2}(?![0-9]|-[0-9])")

_TEMPORARY = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp")
_LITTER = {"thumbs.db", "desktop.ini"}

_LEVELS = {
    "province": "provinsi",
    "regency": "kabupaten/kota",
    "district": "kecamatan",
    "village": "desa/kelurahan",
}

_TEXTS = {
    "LANDING_KEY_INVALID": (
        "Dari nama atau foldernya tidak terbaca: {}.",
        "Beri nama dataset_wilayah_bulan, misalnya pekerja_rentan_64.02_2026-09.xlsx.",
    ),
    "DATASET_UNKNOWN": (
        "Dataset pada nama atau folder tidak dikenal.",
        "Yang dikenal: " + ", ".join(DATASETS) + ".",
    ),
    "AREA_INVALID": (
        "Kode wilayah tidak ditulis dengan titik.",
        "Tulis kode Kemendagri dengan titik, misalnya 64.02 (atau 64 untuk provinsi).",
    ),
    "AREA_UNKNOWN": (
        "Tidak ada wilayah dengan kode {}.",
        "Pakai kode Kemendagri yang berlaku sekarang.",
    ),
    "AREA_RETIRED": (
        "Kode wilayah sudah tidak berlaku pada bulan itu ({}).",
        "Kirim lagi dengan kode penggantinya, atau perbaiki bulannya.",
    ),
    "AREA_NOT_YET": (
        "Wilayah belum ada pada bulan itu ({}).",
        "Kirim dengan kode wilayah yang berlaku waktu itu, atau perbaiki bulannya.",
    ),
    "AREA_NOT_SERVED": (
        "Wilayah {} bukan bagian provinsi yang dilayani di sini.",
        "Periksa kodenya, atau kirim ke provinsi yang bersangkutan.",
    ),
    "SENDER_NOT_ALLOWED": (
        "Dataset ini tidak dikirim oleh wilayah setingkat {}.",
        "Periksa dataset dan kode wilayah pada nama berkas, lalu kirim lagi.",
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a key or a name states, as it is written; ``None`` where it says nothing."""

    dataset: str | None = None
    area: str | None = None
    month: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all three are stated."""
        return None not in (self.dataset, self.area, self.month)


def is_ignored(key: str) -> bool:
    """Whether a key is no submission: hidden, temporary, litter of a file manager."""
    parts = key.split("/")
    name = parts[-1].lower()
    return (
        any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
        or name.endswith(_TEMPORARY)
        or name in _LITTER
        or not name
    )


def read_key(key: str) -> Reading:
    """What a landing key states."""
    parts = key.removeprefix(LANDING).split("/")
    by_folder = Reading(*parts[:3]) if len(parts) > 3 else Reading()
    if _is_slot(by_folder):
        return by_folder
    by_name = _flat(parts[-1])
    return by_name if by_name.is_whole else by_folder


def judge(reading: Reading, provinces: Collection[str] | None = None) -> Slot | Finding:
    """The slot a reading means, or the finding that says why it means none.

    Args:
        reading: what is stated.
        provinces: provinces served; not looked at when ``None``.
    """
    dataset = _dataset(reading.dataset)
    area = (reading.area or "").strip()
    month = (reading.month or "").strip()
    if absent := [
        what
        for what, text in (("dataset", dataset), ("wilayah", area), ("bulan", month))
        if not text
    ]:
        return _finding("LANDING_KEY_INVALID", ", ".join(absent))
    if dataset not in DATASETS:
        return _finding("DATASET_UNKNOWN")
    if not _AREA.fullmatch(area):
        return _finding("AREA_INVALID")
    if not _MONTH.fullmatch(month):
        return _finding("LANDING_KEY_INVALID", "bulan")
    slot = Slot(dataset, AreaCode(area), CoverageMonth.parse(month))
    return _sender_fault(slot, provinces) or slot


def _sender_fault(slot: Slot, provinces: Collection[str] | None) -> Finding | None:
    area = slot.area
    day = slot.month.last_day
    if not areas.is_known(str(area), day):
        found = areas.why_not_in_force(str(area), day)
        return _finding(*(found or ("AREA_UNKNOWN", str(area))))
    if provinces is not None and str(area.province) not in provinces:
        return _finding("AREA_NOT_SERVED", str(area))
    senders = contract(slot.dataset).senders
    if area.level not in senders:
        allowed = " atau ".join(_LEVELS[level] for level in senders)
        return _finding("SENDER_NOT_ALLOWED", f"{_LEVELS[area.level]}; dari {allowed}")
    return None


def nearest_slot(reading: Reading, month: CoverageMonth) -> Slot:
    """Where a refused file is filed: what is stated and readable, else placeholders.

    Args:
        reading: what is stated.
        month: in place of a month that cannot be read.
    """
    dataset = _dataset(reading.dataset)
    stated = (reading.month or "").strip()
    area = (reading.area or "").strip()
    return Slot(
        dataset if dataset in DATASETS else UNKNOWN_DATASET,
        AreaCode(area) if _AREA.fullmatch(area) else UNKNOWN_AREA,
        CoverageMonth.parse(stated) if _MONTH.fullmatch(stated) else month,
    )


def parse_key(key: str, provinces: Collection[str] | None = None) -> Slot:
    """The slot of a landing key.

    Args:
        key: below ``landing/``.
        provinces: provinces served; not looked at when ``None``.

    Raises:
        SubmissionRefused: ``LANDING_KEY_INVALID``, ``DATASET_UNKNOWN``,
            ``AREA_INVALID``, ``AREA_UNKNOWN``, ``AREA_NOT_SERVED`` or
            ``SENDER_NOT_ALLOWED``.
    """
    return _slot_or_refusal(read_key(key), provinces)


def slot_for(
    path: Path,
    dataset: str | None = None,
    area: str | None = None,
    month: str | None = None,
    *,
    provinces: Collection[str] | None = None,
) -> Slot:
    """What a file to be sent is about: as told, the rest from its name or its path.

    Args:
        path: the file; it is not opened.
        dataset: as told by the user.
        area: as told by the user; dotted, or a bare province code.
        month: as told by the user, ``YYYY-MM``.
        provinces: provinces served; not looked at when ``None``.

    Raises:
        UsageError: what the user told cannot be read.
        SubmissionRefused: as :func:`parse_key`.
    """
    if dataset is not None:
        dataset = contract(dataset.strip().lower().replace("-", "_")).dataset
    if area is not None:
        area = str(AreaCode.parse(area))
    if month is not None:
        month = str(CoverageMonth.parse(month))
    stated = _of_path(path, Reading(dataset, area, month))
    return _slot_or_refusal(stated, provinces)


def _of_path(path: Path, told: Reading) -> Reading:
    by_name = _flat(path.name)
    by_folder = _by_folder(path)
    dataset = _in_words("dataset", path)
    if dataset and by_name.is_whole and by_name.dataset not in DATASETS:
        # "daftar rt_rw 64.02 2026-09.xlsx"
        by_name = Reading(dataset, by_name.area, by_name.month)
    fields: dict[str, str | None] = {}
    for field in ("dataset", "area", "month"):
        said = {
            text
            for text in (getattr(by_name, field), getattr(by_folder, field))
            if text
        }
        one = said.pop() if len(said) == 1 else None
        # a file filed under another slot than its name says is left to the user
        fields[field] = getattr(told, field) or (
            one if one or said else _in_words(field, path)
        )
    return Reading(**fields)


def _by_folder(path: Path) -> Reading:
    """The nearest three folders in a row that name a slot."""
    folders = path.parts[:-1]
    for last in range(len(folders), 2, -1):
        reading = Reading(*folders[last - 3 : last])
        if _is_slot(reading) and _dataset(reading.dataset) in DATASETS:
            return Reading(_dataset(reading.dataset), reading.area, reading.month)
    return Reading()


def _in_words(field: str, path: Path) -> str | None:
    """What one word of the name, else one folder, says; ``None`` when it is not one."""
    for text in (path.name, *reversed(path.parts[:-1])):
        if field == "dataset":
            plain = _dataset(text)
            found = {
                name
                for name in DATASETS
                if re.search(rf"(?<![a-z]){name}(?![a-z])", plain)
            }
        elif field == "area":
            is_folder_of_province = text != path.name and re.fullmatch("[0-9]{2}", text)
            found = set(_AREA_IN_NAME.findall(text)) | (
                {text} if is_folder_of_province else set()
            )
        else:
            found = set(_MONTH_IN_NAME.findall(text))
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _flat(name: str) -> Reading:
    found = _FLAT.match(name)
    if found is None:
        return Reading()
    return Reading(
        _dataset(found["dataset"]), found["area"].rstrip("."), found["month"]
    )


def _dataset(text: str | None) -> str:
    return re.sub(r"[_ -]+", "_", (text or "").strip().lower())


def _is_slot(reading: Reading) -> bool:
    return bool(
        reading.is_whole
        and _NAME.fullmatch(reading.dataset or "")
        and _AREA.fullmatch(reading.area or "")
        and _MONTH.fullmatch(reading.month or "")
    )


def _finding(code: str, detail: str = "") -> Finding:
    return Finding(
        code, Grade.SUBMISSION, Severity.CRITICAL, row_count=0, detail=detail
    )


def _slot_or_refusal(reading: Reading, provinces: Collection[str] | None) -> Slot:
    verdict = judge(reading, provinces)
    if isinstance(verdict, Slot):
        return verdict
    message, hint = _TEXTS[verdict.code]
    raise SubmissionRefused(verdict.code, message.format(verdict.detail), hint)
