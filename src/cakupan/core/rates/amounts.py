"""What one person-month (or one construction project) costs, in whole rupiah.

Rounding: the exact amount of each programme and bearer is rounded once to whole rupiah,
half away from zero; totals are sums of rounded amounts. How BPJS rounds was not found:
to confirm. At the minimum base nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cakupan.core.errors import ConfigurationError, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.rates.reference import (
    CERTAINTIES,
    PROGRAMMES,
    SECTOR_CLASSES,
    SEGMENTS,
    Rate,
    income_brackets,
    payer_of,
    rates,
)

#: What every segment has; further programmes must be named.
MANDATORY = ("JKK", "JKM")


@dataclass(frozen=True, slots=True)
class Line:
    """What one bearer pays for one programme, in whole rupiah.

    ``recomposed`` lines move a part of the employer's JKK to JKP and add up to zero.
    """

    programme: str
    borne_by: str
    rupiah: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """The contribution of one person-month, or of one project for JAKON.

    Attributes:
        lines: per programme and bearer, in the order of the programmes.
        certainty: of the least certain rate or payer rule used: V, D, S or U.
        notes: what is to be confirmed, Indonesian.
    """

    lines: tuple[Line, ...]
    certainty: str
    notes: tuple[str, ...]

    @property
    def total_rupiah(self) -> int:
        """All programmes and bearers."""
        return sum(line.rupiah for line in self.lines)

    @property
    def by_programme(self) -> Mapping[str, int]:
        """Rupiah of each programme."""
        return self._summed(lambda line: line.programme)

    @property
    def by_bearer(self) -> Mapping[str, int]:
        """Rupiah of each bearer; the recomposed part counts as the employer's."""
        return self._summed(
            lambda line: "employer" if line.borne_by == "recomposed" else line.borne_by
        )

    def _summed(self, key: Callable[[Line], str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for line in self.lines:
            name = key(line)
            found[name] = found.get(name, 0) + line.rupiah
        return found


def contribution(
    segment: str,
    month: CoverageMonth,
    *,
    payer: str | Sequence[str],
    sector_class: str = "other",
    base: int | Decimal | None = None,
    programmes: Collection[str] = MANDATORY,
    risk_class: int | None = None,
) -> Contribution:
    """What is due for one person in one month, or for one project.

    Args:
        segment: ``PU``, ``BPU``, ``JAKON`` or ``PMI``.
        month: coverage month; for JAKON the month the project is registered.
        payer: who pays (names of ``sumber_iuran``). Where several share the month, one
            of them public is enough for the full rate.
        sector_class: ``transport`` or ``other``; only BPU looks at it.
        base: rupiah. PU: wage of the month. BPU: declared income, ``None`` for the
            minimum. JAKON: contract value.
        programmes: those held.
        risk_class: 1 to 5, for JKK of PU.

    Raises:
        UsageError: an argument is unknown, or a wage, contract value or risk class that
            decides the amount is missing.
        ConfigurationError: no rate is loaded for the month (``RATE_UNKNOWN``).
    """
    wanted = _programmes(programmes)
    _known("SEGMENT_UNKNOWN", "segment", segment, SEGMENTS)
    _known("SECTOR_UNKNOWN", "sector class", sector_class, SECTOR_CLASSES)
    names = [payer] if isinstance(payer, str) else list(payer)
    paying = [payer_of(name) for name in names]
    if not paying:
        raise UsageError("PAYER_UNKNOWN", "No payer is named.", "Name at least one.")
    is_public = any(one.payer_class == "public" for one in paying)
    payer_class = "public" if is_public else "private"
    used: list[Rate] = []
    lines: list[Line] = []
    for programme in wanted:
        found = [
            rate
            for rate in rates()
            if (rate.segment, rate.programme) == (segment, programme)
            and rate.counts_in(month)
            and rate.fits(sector_class, payer_class)
            and (rate.only_with is None or rate.only_with in wanted)
        ]
        if not found:
            raise ConfigurationError(
                "RATE_UNKNOWN",
                f"No rate of {segment} {programme} is loaded for {month}.",
                "Add it to include/reference/contribution_rates.csv with its source.",
            )
        found = _of_risk(found, risk_class)
        used += found
        for bearer in sorted({rate.borne_by for rate in found}):
            exact = [exact_rupiah(r, base) for r in found if r.borne_by == bearer]
            lines.append(Line(programme, bearer, rounded(sum(exact, Fraction(0)))))
    matters = any(rate.payer_class != "any" for rate in used)
    uncertain = [one for one in paying if matters]
    marks = [(row.certainty, row.note) for row in used]
    marks += [(one.certainty, one.note) for one in uncertain]
    return Contribution(
        lines=tuple(lines),
        certainty=max((mark for mark, _ in marks), key=CERTAINTIES.index),
        notes=tuple(dict.fromkeys(note for mark, note in marks if mark == "U")),
    )


def exact_rupiah(rate: Rate, base: int | Decimal | None) -> Fraction:
    """What one row comes to before rounding.

    Raises:
        UsageError: the base is needed and missing, or negative.
    """
    if rate.kind == "fixed":
        return Fraction(rate.value)
    amount = None if base is None else Fraction(base)
    if amount is not None and amount < 0:
        raise UsageError("BASE_INVALID", "A base is negative.", "Give rupiah from 0.")
    if amount is not None and rate.segment == "BPU":
        amount = _bracket(amount)
    if amount is None and rate.base_minimum is None:
        raise UsageError(
            "BASE_MISSING",
            f"{rate.segment} {rate.programme} needs a wage or contract value.",
            "Give base.",
        )
    amount = max(amount or Fraction(0), Fraction(rate.base_minimum or 0))
    if rate.base_maximum is not None:
        amount = min(amount, Fraction(rate.base_maximum))
    if rate.kind == "slice":
        upper = (
            amount if rate.slice_to is None else min(amount, Fraction(rate.slice_to))
        )
        amount = max(Fraction(0), upper - (rate.slice_from or 0))
    return Fraction(rate.value) * amount / 100


def rounded(exact: Fraction) -> int:
    """Whole rupiah, half away from zero."""
    whole = int(abs(exact) + Fraction(1, 2))
    return -whole if exact < 0 else whole


def _bracket(income: Fraction) -> Fraction:
    brackets = income_brackets()
    if not brackets:
        return income
    reached = [base for start, base in brackets if start <= income]
    return Fraction(reached[-1] if reached else brackets[0][1])


def _of_risk(found: list[Rate], risk_class: int | None) -> list[Rate]:
    classes = {rate.risk_class for rate in found} - {None}
    if classes and risk_class not in classes:
        raise UsageError(
            "RISK_CLASS_MISSING",
            "JKK of PU needs a risk class.",
            "Give risk_class 1 (very low) to 5 (very high).",
        )
    return [rate for rate in found if rate.risk_class in {None, risk_class}]


def _programmes(given: Collection[str]) -> tuple[str, ...]:
    for programme in given:
        _known("PROGRAMME_UNKNOWN", "programme", programme, PROGRAMMES)
    if not given or ("JKP" in given and "JKK" not in given):
        raise UsageError(
            "PROGRAMMES_INVALID",
            "No programme, or JKP without the JKK it is taken from.",
            "Name the programmes held; JKP goes with JKK.",
        )
    return tuple(name for name in PROGRAMMES if name in given)


def _known(code: str, what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        known = "Known: " + ", ".join(allowed) + "."
        raise UsageError(code, f"A {what} is not known.", known)
