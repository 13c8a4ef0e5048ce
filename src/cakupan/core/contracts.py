"""What each dataset must look like: ``include/contracts/<dataset>.yml``, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import yaml

from cakupan.core.errors import UsageError
from cakupan.core.resources import include

ColumnType = Literal[
    "nik", "kpj", "name", "text", "date", "month", "rupiah", "count", "decimal", "year",
    "sex", "enum", "flag", "village_code", "area_code", "scheme", "phone",
]  # fmt: skip
Kind = Literal["registry", "participation", "reference"]

DATASETS = (
    "pekerja_rentan",
    "non_asn",
    "aparatur_desa",
    "rt_rw",
    "bpjs_kepesertaan",
    "penyebut",
    "target",
)


@dataclass(frozen=True, slots=True)
class ContractColumn:
    """One canonical column.

    Attributes:
        name: canonical name, as in the contract and in typed rows.
        type: how its text is read.
        required: the file must have it, and every row a value.
        aliases: other headers that mean it (compared without case and punctuation).
        values: for ``enum``: canonical value -> spellings that mean it.
        sensitivity: ``public``, ``personal``, ``financial`` or ``identity``.
        description: Indonesian, for the template and the dictionary.
        example: a synthetic example value.
    """

    name: str
    type: ColumnType
    required: bool = False
    aliases: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    sensitivity: str = "public"
    description: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """One submitted dataset.

    Attributes:
        dataset: its name.
        title: Indonesian title.
        kind: ``registry``, ``participation`` or ``reference``.
        senders: area levels that may send it (``regency``, ``province``).
        expected_from: level whose every area must send it monthly, ``None`` when
            sending is free. ``regency_with_desa``: regencies that have at least one desa.
        due_day: day of the month after the coverage month by which it is due (local
            time, end of day), ``None`` when it is not expected.
        formats: file formats taken.
        columns: in the order of the template.
        either_or: groups of columns that can stand in for a required one, e.g.
            ``kode_desa`` by ``desa`` + ``kecamatan``.
    """

    dataset: str
    title: str
    kind: Kind
    senders: tuple[str, ...]
    expected_from: str | None
    due_day: int | None
    formats: tuple[str, ...]
    columns: tuple[ContractColumn, ...]
    either_or: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def column(self, name: str) -> ContractColumn:
        """The column of that canonical name."""
        return next(column for column in self.columns if column.name == name)


def _column(raw: dict[str, Any]) -> ContractColumn:
    values = {
        key: tuple(spellings or ()) for key, spellings in raw.pop("values", {}).items()
    }
    aliases = tuple(str(alias) for alias in raw.pop("aliases", ()))
    return ContractColumn(values=values, aliases=aliases, **raw)


@cache
def contract(dataset: str) -> Contract:
    """Read the contract of a dataset.

    Raises:
        UsageError: there is no such dataset.
    """
    if dataset not in DATASETS:
        raise UsageError(
            "DATASET_UNKNOWN",
            f"Dataset {dataset!r} is not known.",
            "Known: " + ", ".join(DATASETS) + ".",
        )
    raw = yaml.safe_load(include("contracts", f"{dataset}.yml").read_text("utf-8"))
    return Contract(
        dataset=dataset,
        title=raw["title"],
        kind=raw["kind"],
        senders=tuple(raw["senders"]),
        expected_from=raw.get("expected_from"),
        due_day=raw.get("due_day"),
        formats=tuple(raw["formats"]),
        columns=tuple(_column(dict(column)) for column in raw["columns"]),
        either_or={
            key: tuple(names) for key, names in raw.get("either_or", {}).items()
        },
    )


def registries() -> tuple[str, ...]:
    """Names of the registry datasets: one per worker group."""
    return tuple(name for name in DATASETS if contract(name).kind == "registry")
