"""Who may see and send what: a file of the deployment, user by user.

Airflow says who somebody is, whatever auth manager it has; this file says what they may
do here. Who is not in it may nothing. See ``deploy/access.yml`` for the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.errors import CakupanError, ConfigurationError, UsageError


class Right(StrEnum):
    """What a route can ask for."""

    #: Counts, shares and states.
    SEE = "see"
    #: Check and send files.
    SEND = "send"
    #: Correction workbooks: the sender's rows, names among them.
    ROWS = "rows"
    #: Who is behind a pair in doubt, and the decision about it.
    NAMES = "names"


ROLES: Mapping[str, frozenset[Right]] = {
    "regency": frozenset({Right.SEE, Right.SEND, Right.ROWS}),
    "analyst": frozenset({Right.SEE}),
    "steward": frozenset({Right.SEE, Right.ROWS, Right.NAMES}),
    "engineer": frozenset(Right),
}


class AccessRefused(CakupanError):
    """Whoever asks is known but may not."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in.

    Attributes:
        name: as Airflow gives it.
        role: one of :data:`ROLES`.
        areas: codes; what lies inside them is theirs too. A regency has no other.
    """

    name: str
    role: str
    areas: tuple[str, ...]

    def may(self, right: Right) -> bool:
        """Whether the role has the right, in the areas of the visitor."""
        return right in ROLES[self.role]

    def covers(self, area: str) -> bool:
        """Whether an area is one of theirs or lies in one."""
        return any(area == own or area.startswith(f"{own}.") for own in self.areas)

    def require(self, right: Right, area: str | None = None) -> None:
        """Go on only with the right, and in an area only where it is theirs.

        Raises:
            AccessRefused: ``RIGHT_MISSING`` or ``AREA_NOT_YOURS``.
        """
        if not self.may(right):
            raise AccessRefused(
                "RIGHT_MISSING",
                "Peran Anda tidak mencakup halaman atau tindakan ini.",
                "Minta pengelola data provinsi bila Anda memerlukannya.",
            )
        if area is not None and not self.covers(area):
            raise AccessRefused(
                "AREA_NOT_YOURS",
                "Wilayah ini bukan wilayah Anda.",
                "Pilih wilayah Anda sendiri: " + ", ".join(self.areas) + ".",
            )

    def may_send(self, dataset: str) -> bool:
        """Whether the role sends such files.

        A regency sends its lists, budgets and policies. Who is insured, what was paid
        and who has died BPJS and Dukcapil say, through whoever runs the deployment.
        """
        is_measured = self.role == "regency" and contract(dataset).is_of_others
        return self.may(Right.SEND) and not is_measured

    def may_have_rows(self, dataset: str) -> bool:
        """Whether the role gets the rows of such files back, names among them.

        A regency gets those of datasets it sends: an extract of BPJS about it, or of
        a dataset nobody knows, holds people it never wrote down.
        """
        is_own = self.role != "regency" or (
            dataset in DATASETS and self.may_send(dataset)
        )
        return self.may(Right.ROWS) and is_own

    def require_sending(self, dataset: str, area: str) -> None:
        """Go on only where the visitor may send the dataset for the area.

        Raises:
            AccessRefused: ``RIGHT_MISSING``, ``AREA_NOT_YOURS`` or ``DATASET_NOT_YOURS``.
        """
        self.require(Right.SEND, area)
        if not self.may_send(dataset):
            raise AccessRefused(
                "DATASET_NOT_YOURS",
                "Data BPJS Ketenagakerjaan dan Dukcapil tidak dikirim oleh "
                "kabupaten/kota yang diukur dengannya.",
                "Serahkan berkasnya kepada pengelola data provinsi.",
            )

    def require_rows(self, dataset: str, area: str) -> None:
        """Go on only where the visitor may have the rows of the dataset in the area.

        Raises:
            AccessRefused: ``RIGHT_MISSING``, ``AREA_NOT_YOURS`` or ``DATASET_NOT_YOURS``.
        """
        self.require(Right.ROWS, area)
        if not self.may_have_rows(dataset):
            raise AccessRefused(
                "DATASET_NOT_YOURS",
                "Buku perbaikan ini memuat data orang dari BPJS Ketenagakerjaan atau "
                "Dukcapil, bukan dari daftar kabupaten/kota.",
                "Hubungi pengelola data provinsi.",
            )


@dataclass(frozen=True, slots=True)
class Access:
    """All visitors a deployment knows, by name."""

    visitors: Mapping[str, Visitor]

    def visitor(self, name: str) -> Visitor:
        """The visitor of that name.

        Raises:
            AccessRefused: ``ACCESS_NOT_GIVEN``.
        """
        found = self.visitors.get(name)
        if found is None:
            raise AccessRefused(
                "ACCESS_NOT_GIVEN",
                "Akun Anda belum diberi akses ke halaman Cakupan.",
                "Minta pengelola menambahkan akun Anda ke berkas akses.",
            )
        return found


class AccessFile:
    """The file as it stands now; read again when it changes."""

    def __init__(self, path: Path, provinces: Iterable[str]) -> None:
        self._path, self._provinces = path, tuple(provinces)
        self._state: tuple[int, int] | None = None
        self._known = Access({})

    def now(self) -> Access:
        """What the file says; nobody where there is no file.

        Raises:
            ConfigurationError: ``ACCESS_FILE_INVALID``; then nobody gets in.
        """
        try:
            found = self._path.stat()
            state = found.st_mtime_ns, found.st_size
            if state != self._state:
                text = self._path.read_text("utf-8")
                self._known = read_access(text, self._provinces)
                self._state = state
        except FileNotFoundError:
            self._known, self._state = Access({}), None
        except (OSError, UnicodeDecodeError):
            raise _invalid("it cannot be read") from None
        return self._known


def read_access(text: str, provinces: Iterable[str]) -> Access:
    """Read the text of an access file.

    Args:
        text: YAML: user -> role, or user -> ``{role, areas}``.
        provinces: what ``engineer`` and whoever has no areas covers.

    Raises:
        ConfigurationError: ``ACCESS_FILE_INVALID``.
    """
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError:
        raise _invalid("it is not YAML") from None
    if told is None:
        return Access({})
    if not isinstance(told, dict):
        raise _invalid("it is not a list of users with their roles")
    served = tuple(provinces)
    return Access(
        {str(name): _visitor(str(name), one, served) for name, one in told.items()}
    )


def _visitor(name: str, told: Any, provinces: tuple[str, ...]) -> Visitor:
    entry = {"role": told} if isinstance(told, str) else told
    if not isinstance(entry, dict) or not set(entry) <= {"role", "areas"}:
        raise _invalid(f"user {name!r}: write a role, or role and areas")
    role = str(entry.get("role"))
    if role not in ROLES:
        raise _invalid(f"user {name!r}: roles are {', '.join(ROLES)}")
    listed = entry.get("areas") or []
    if not isinstance(listed, list):
        raise _invalid(f"user {name!r}: areas are a list")
    codes = tuple(_area(name, one, provinces) for one in listed)
    if role == "regency":
        if not codes or any(AreaCode(code).level != "regency" for code in codes):
            raise _invalid(f"user {name!r}: a regency needs its regency code")
        return Visitor(name, role, codes)
    return Visitor(name, role, codes or provinces)


def _area(name: str, told: Any, provinces: tuple[str, ...]) -> str:
    # without quotes YAML reads 64.10 as the number 64.1
    if isinstance(told, float):
        raise _invalid(f"user {name!r}: write area codes in quotes")
    try:
        code = AreaCode.parse(str(told)).code
    except UsageError:
        raise _invalid(f"user {name!r}: {told!r} is not an area code") from None
    if not areas.is_known(code) or code[:2] not in provinces:
        raise _invalid(f"user {name!r}: area {code} is not served here")
    return code


def _invalid(why: str) -> ConfigurationError:
    return ConfigurationError(
        "ACCESS_FILE_INVALID",
        f"The access file cannot be used: {why}.",
        "Correct it (CAKUPAN_ACCESS); until then nobody gets in.",
    )
