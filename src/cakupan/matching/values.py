"""Values of the other fields in a form that can be compared: dates, sex, numbers.

Every function takes one text as it stands in a file and returns its comparable form, or
``""`` when there is nothing to compare. Nothing is judged: an identity number need not
be valid, a birth date may be an impossible one, and both still compare.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from cakupan.matching.names import folded, words_of

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu aug ags agt agst",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = re.compile(r"[t ]\s*\d{1,2}:\d{2}.*$")
_FLOAT = re.compile(r"^(\d+)\.0+$")
ROUNDED = r"^\s*\d+([.,]\d+)?e\+?\d+\s*$"
"""A number a spreadsheet turned into a power of ten, in lower case."""
ROUNDED_FIELDS = frozenset({"nik", "kpj", "phone", "village_code", "regency_code"})
"""Fields in which such a number is no value."""
_SCIENTIFIC = re.compile(ROUNDED)
_PARTS = re.compile(r"\d+|[a-z]+")
_MEN = words_of(
    """
    l lk laki lelaki pria cowok m male man men boy mr tn 1 laki-laki
    """
)
_WOMEN = words_of(
    """
    p pr perempuan wanita w f female woman women girl mrs ms ny nn 2
    """
)
_EMPTY = words_of(
    """
    - -- . ? 0 na n/a nan none null nil unknown unk missing kosong tidakada x xx
    xxx
    """
)
_ADDRESS_WORDS = {
    "jalan": "jl",
    "jln": "jl",
    "gang": "gg",
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "place": "pl",
    "court": "ct",
    "drive": "dr",
    "crescent": "cres",
    "kampung": "kp",
    "kampong": "kp",
    "blok": "blk",
    "perumahan": "perum",
}
_ADDRESS_NOISE = frozenset({"no", "nomor", "nmr", "number", "kec", "kel", "desa"})
_CENTURY_PIVOT = 30


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether a column of dates writes the month before the day.

    Day first (the custom here) unless more dates can only be read the other way.
    """
    day_first = month_first = 0
    for text in texts:
        parts = _PARTS.findall(_TIME.sub("", text.lower()))
        if len(parts) == 3 and len(parts[2]) in {2, 4} and len(parts[0]) <= 2:
            first, second = parts[0], parts[1]
            if first.isdigit() and second.isdigit():
                day_first += int(first) > 12 >= int(second)
                month_first += int(second) > 12 >= int(first)
    return month_first > day_first


def birth_date(text: str, *, month_first: bool = False) -> str:
    """A date as eight digits ``yyyymmdd``; ``0000`` for month and day not given.

    Reads ISO, compact, day-first and month-first dates, month names in Indonesian and
    English, spreadsheet serial numbers and bare years.
    """
    text = _FLOAT.sub(r"\1", folded(text).strip())
    parts = _PARTS.findall(_TIME.sub("", text))
    parts = [str(_MONTHS.get(part, part)) for part in parts]
    parts = [part for part in parts if part.isdigit()]
    if len(parts) == 1:
        return _compact(parts[0])
    if len(parts) == 2:
        return _joined(parts[0], parts[1], "0") if len(parts[0]) == 4 else ""
    if len(parts) != 3:
        return ""
    first, second, third = parts
    if len(first) == 4:
        return _joined(first, second, third)
    if month_first and not re.search("[a-z]", text):
        first, second = second, first
    return _joined(_full_year(third), second, first)


def _compact(digits: str) -> str:
    if len(digits) == 8:
        if "1800" <= digits[:4] <= "2100" or not "1800" <= digits[4:] <= "2100":
            return "" if digits == "0" * 8 else digits
        return digits[4:] + digits[2:4] + digits[:2]
    if len(digits) == 6 and "1800" <= digits[:4] <= "2100":
        return digits + "00"
    if len(digits) == 5:
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(digits))
        return day.strftime("%Y%m%d")
    if len(digits) == 4 and "1800" <= digits <= "2100":
        return digits + "0000"
    return ""


def _full_year(year: str) -> str:
    if len(year) > 2:
        return year
    return ("19" if int(year) > _CENTURY_PIVOT else "20") + year.zfill(2)


def _joined(year: str, month: str, day: str) -> str:
    if len(year) != 4 or len(month) > 2 or len(day) > 2 or int(year) == 0:
        return ""
    return f"{year}{month.zfill(2)}{day.zfill(2)}"


def sex(text: str) -> str:
    """``M``, ``F``, or the folded text when it is neither."""
    word = folded(text).strip(" .")
    if word.startswith("laki") or word in _MEN:
        return "M"
    if word.startswith("perempuan") or word in _WOMEN:
        return "F"
    return "" if word in _EMPTY else word


def number(text: str) -> str:
    """An identity or other number: letters and digits only, in lower case.

    A number that a spreadsheet turned into a power of ten (``6.4E+15``) no longer
    tells one person from another and counts as missing; so does a run of one digit.
    """
    if text.isascii() and text.isdigit():  # nearly every number
        found = text
    else:
        text = _FLOAT.sub(r"\1", folded(text).strip())
        if _SCIENTIFIC.match(text):
            return ""
        found = _letters_and_digits(text)
    return "" if found in _EMPTY or len(set(found)) <= 1 else found


def _letters_and_digits(text: str) -> str:
    if text.isalnum():  # nearly every number
        return text
    return "".join(letter for letter in text if letter.isalnum())


def phone(text: str) -> str:
    """The last nine digits, so that +62 811… and 0811… are the same number."""
    text = _FLOAT.sub(r"\1", text.strip().lower())
    if _SCIENTIFIC.match(text):
        return ""
    digits = "".join(letter for letter in text if letter.isdigit())
    return "" if len(digits) < 5 or len(set(digits)) == 1 else digits[-9:]


def place(text: str) -> str:
    """A place code or name: letters and digits only."""
    text = _FLOAT.sub(r"\1", folded(text).strip())
    if _SCIENTIFIC.match(text):
        return ""
    found = _letters_and_digits(text)
    return "" if found in _EMPTY else found


def address(text: str) -> str:
    """An address as words in order, common kinds of streets abbreviated."""
    words = re.findall(r"[^\W\d_]+|\d+", folded(text))
    kept = [_ADDRESS_WORDS.get(word, word.lstrip("0") or "0") for word in words]
    kept = [word for word in kept if word not in _ADDRESS_NOISE]
    return "" if not kept or (kept[0] in _EMPTY and len(kept) == 1) else " ".join(kept)
