"""What speaks for a pair in doubt, in words for the officer who decides about it.

The matching engine writes ``name=equal:2,extra:1;nik=two_edits``: a level per field, and
for a name how many of its words agree how well.
"""

from __future__ import annotations

_FIELDS = {
    "name": "Nama",
    "nik": "NIK",
    "kpj": "KPJ",
    "phone": "Telepon",
    "birth_date": "Tanggal lahir",
    "sex": "Jenis kelamin",
    "village_code": "Desa/kelurahan",
    "regency_code": "Kabupaten/kota",
    "address": "Alamat",
    "keputusan": "Keputusan petugas",
}

_LEVELS = {
    "missing": "tidak ada di salah satu sisi",
    "equal": "sama",
    "one_edit": "satu salah ketik",
    "two_edits": "dua salah ketik",
    "different": "berbeda",
    "differs": "berbeda",
    "day_month_swapped": "hari dan bulan tertukar",
    "day_unknown": "hari tidak pasti di salah satu sisi",
    "two_parts_equal": "dua dari hari, bulan, tahun sama",
    "year_equal": "hanya tahun sama",
    "same_district": "desa lain, kecamatan sama",
    "very_close": "hampir sama",
    "close": "mirip",
    "similar": "agak mirip",
}

#: Behind ``2 kata``.
_OF_WORDS = {
    "equal": "sama",
    "close": "hampir sama",
    "fair": "mirip atau terpotong",
    "initial": "disingkat",
    "unlike": "berbeda",
    "extra": "hanya di satu sisi",
}

#: The engine counts words left over up to two.
_MANY = "extra:2"

_SURE, _NEVER = "100,0", "0,0"


def in_words(evidence: str) -> list[tuple[str, str]]:
    """Field and agreement of each field; what has no name is its code.

    Args:
        evidence: of a pair, as stored.
    """
    parts = (part.partition("=") for part in evidence.split(";") if part)
    return [(_FIELDS.get(field, field), _agreement(told)) for field, _, told in parts]


def sentence(evidence: str) -> str:
    """The same for one cell: ``NIK: dua salah ketik; Nama: 3 kata sama``."""
    return "; ".join(f"{field}: {words}" for field, words in in_words(evidence))


def chance(probability: float) -> str:
    """A probability in percent; what is not certain is never written as 100 or 0."""
    shown = f"{100 * probability:.1f}".replace(".", ",")
    if shown == _SURE and probability < 1:
        return "di atas 99,9%"
    if shown == _NEVER and probability > 0:
        return "di bawah 0,1%"
    return f"{shown}%"


def _agreement(told: str) -> str:
    if ":" not in told:
        return _LEVELS.get(told, told)
    return ", ".join(_of_words(part) for part in told.split(","))


def _of_words(part: str) -> str:
    level, _, count = part.partition(":")
    if part == _MANY:
        return "2 kata atau lebih hanya di satu sisi"
    return f"{count} kata {_OF_WORDS[level]}" if level in _OF_WORDS else part
