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
Kind = Literal["registry", "participation", "funding", "extract", "match", "reference"]

#: Kinds whose files hold until the sender says otherwise; the others are of one month.
STANDING: tuple[Kind, ...] = ("reference", "funding", "match")

DATASETS = (
    "pekerja_rentan",
    "non_asn",
    "aparatur_desa",
    "rt_rw",
    "anggaran",
    "csr",
    "kebijakan",
    "bpjs_kepesertaan",
    "bpjs_iuran",
    "bpjs_klaim",
    "dukcapil_padan",
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
        values: for ``enum``: canonical value -> spellings that mean it. In the file
            also the name of a list in ``include/contracts/lists/values.yml``.
        sensitivity: ``public``, ``personal``, ``financial`` or ``identity``.
        description: Indonesian, for the template and the dictionary.
        example: a synthetic example value.
        sum_of: columns that add up to this one where it is not stated itself.
    """

    name: str
    type: ColumnType
    required: bool = False
    aliases: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    sensitivity: str = "public"
    description: str = ""
    example: str = ""
    sum_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A form of another system that is taken for a dataset as it is.

    Attributes:
        name: how the layout is called in ``layout`` of a submission.
        title: what the form is called (Indonesian).
        marks: column titles that must all be there for a file to have this layout.
        titles: title -> canonical column, ``None`` for columns that are left out. They
            go before the aliases of the contract.
        block: canonical column -> labels above the table whose value every row gets.
        fixed: canonical column -> value every row gets.
        area_column: column that is the sender's own regency.
        flags: columns that hold amounts: above zero is yes, zero is no.
        waived: required columns the form may lack; its rows are held back for it.
        counted: a listed column, and per value the labels above the table that say how
            many rows have it.
    """

    name: str
    title: str
    marks: tuple[str, ...]
    titles: dict[str, str | None] = field(hash=False)
    block: dict[str, tuple[str, ...]] = field(hash=False)
    fixed: dict[str, str] = field(hash=False)
    area_column: str | None = None
    flags: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    counted: dict[str, dict[str, list[str]]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Contract:
    """One submitted dataset.

    Attributes:
        dataset: its name.
        title: Indonesian title.
        kind: ``registry`` (a list of one worker group), ``participation`` (who is
            insured), ``funding`` (budgets, pledges, policies), ``extract`` (payments and
            claims of BPJS), ``match`` (what Dukcapil says of a NIK) or ``reference``
            (denominators and targets).
        senders: area levels that may send it (``regency``, ``province``).
        expected_from: level whose every area must send it monthly, ``None`` when
            sending is free. ``regency_with_desa``: regencies that have at least one desa.
        due_day: day of the month after the coverage month by which it is due (local
            time, end of day; the next working day if it is none, see ``core/due.py``),
            ``None`` when it is not expected.
        formats: file formats taken.
        columns: in the order of the template.
        either_or: groups of columns that can stand in for a required one, e.g.
            ``kode_desa`` by ``desa`` + ``kecamatan``.
        natural_key: columns that tell rows apart, four at most; of several rows with the
            same values one is kept. Rows without a value in the first have no key.
        kept_latest: date column whose latest value decides which row is kept.
        layouts: forms of other systems that are taken as they are.
    """

    dataset: str
    title: str
    kind: Kind
    senders: tuple[str, ...]
    expected_from: str | None
    due_day: int | None
    formats: tuple[str, ...]
    columns: tuple[ContractColumn, ...]
    natural_key: tuple[str, ...]
    kept_latest: str | None = None
    layouts: tuple[Layout, ...] = ()
    either_or: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def layout(self, name: str | None) -> Layout | None:
        """The layout of that name, ``None`` for none."""
        return next((one for one in self.layouts if one.name == name), None)

    @property
    def is_of_others(self) -> bool:
        """Whether it is what BPJS or Dukcapil say about the people of an area.

        A regency is measured by it: it neither sends it by itself nor gets it back.
        """
        return self.kind in {"participation", "extract", "match"}

    def column(self, name: str) -> ContractColumn:
        """The column of that canonical name."""
        return next(column for column in self.columns if column.name == name)


@cache
def _lists() -> dict[str, dict[str, list[str] | None]]:
    """Lists of values that several datasets share, by name."""
    text = include("contracts", "lists", "values.yml").read_text("utf-8")
    lists: dict[str, dict[str, list[str] | None]] = yaml.safe_load(text)
    return lists


def _column(raw: dict[str, Any]) -> ContractColumn:
    listed = raw.pop("values", {})
    if isinstance(listed, str):
        listed = _lists()[listed]
    values = {key: tuple(spellings or ()) for key, spellings in listed.items()}
    aliases = tuple(str(alias) for alias in raw.pop("aliases", ()))
    sum_of = tuple(raw.pop("sum_of", ()))
    return ContractColumn(values=values, aliases=aliases, sum_of=sum_of, **raw)


def _layout(raw: dict[str, Any]) -> Layout:
    titles = {
        title: name or None
        for name, spellings in raw.pop("titles").items()
        for title in spellings
    }
    return Layout(
        name=raw["name"],
        title=raw["title"],
        marks=tuple(raw["marks"]),
        titles=titles,
        block={name: tuple(labels) for name, labels in raw.get("block", {}).items()},
        fixed=raw.get("fixed", {}),
        area_column=raw.get("area_column"),
        flags=tuple(raw.get("flags", ())),
        waived=tuple(raw.get("waived", ())),
        counted=raw.get("counted", {}),
    )


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
        natural_key=tuple(raw["natural_key"]),
        kept_latest=raw.get("kept_latest"),
        layouts=tuple(_layout(dict(layout)) for layout in raw.get("layouts", ())),
        either_or={
            key: tuple(names) for key, names in raw.get("either_or", {}).items()
        },
    )


def datasets_of(*kinds: Kind) -> tuple[str, ...]:
    """Names of the datasets of some kinds, in their order."""
    return tuple(name for name in DATASETS if contract(name).kind in kinds)


def registries() -> tuple[str, ...]:
    """Names of the registry datasets: one per worker group."""
    return datasets_of("registry")
