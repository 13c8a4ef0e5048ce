"""People for the ladder: in a list, in the extract, and others around them.

Nobody of them exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from cakupan.core.privacy import person_id
from reconcile_case import KEY, entry, membership

_FIRST = (
    "Bagus", "Citra", "Damar", "Endah", "Fajar", "Galuh", "Hasan", "Indah", "Joko",
    "Kartika", "Laras",
)  # fmt: skip
_LAST = (
    "Wijaya", "Pratama", "Santoso", "Halim", "Lestari", "Kusuma", "Nugroho", "Rahayu",
    "Utama",
)  # fmt: skip
_VILLAGES = ("64.02.01.2003", "64.02.02.2001", "64.03.01.2001", "64.08.01.2001")


def somebody(number: int) -> dict[str, Any]:
    """A person whose NIK fits the birth date; all different."""
    birth = dt.date(1965, 1, 1) + dt.timedelta(days=(number * 7919) % 14_000)
    village = _VILLAGES[number % 4]
    third = f"{_LAST[(number * 7) % 9]}{chr(97 + number % 26)}a"
    area = village[:8].replace(".", "")
    return {
        "nik": f"{area}{birth:%d%m%y}{1 + number % 7:04d}",
        "nama": f"{_FIRST[number % 11]} {_LAST[(number * 5) % 9]} {third}",
        "tanggal_lahir": birth,
        "kode_desa": village,
    }


def listed(number: int, **values: Any) -> dict[str, Any]:
    """An entry of a list about :func:`somebody`."""
    return entry(number, **somebody(number) | values)


def insured(number: int, **values: Any) -> dict[str, Any]:
    """A membership of :func:`somebody`."""
    return membership(number, **somebody(number) | values)


def crowd(numbers: Iterable[int] = range(100, 400)) -> list[dict[str, Any]]:
    """Participants in no list: the people a link could go wrong with."""
    return [insured(number) for number in numbers]


def pseudonym(identity: str) -> str:
    return str(person_id(KEY, identity))


def mistyped(nik: str) -> str:
    """Two digits of the birth date in the wrong order: one transposition."""
    swapped = nik[:10] + nik[11] + nik[10] + nik[12:]
    assert swapped != nik
    return swapped


NEAR = mistyped(somebody(1)["nik"])
BORN = somebody(1)["tanggal_lahir"]
OTHER = f"647105{BORN:%d%m%y}0003"
"""Another number that fits the birth date: a second NIK, or somebody else."""
