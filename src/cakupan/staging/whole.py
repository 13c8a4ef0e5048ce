"""What the typed rows say of the file as a whole: findings of grade submission."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cakupan.core.contracts import Contract
from cakupan.core.findings import Finding, Grade, Severity
from cakupan.core.lake import quoted_path
from cakupan.core.submission import Slot
from cakupan.staging.refusal import critical

if TYPE_CHECKING:
    from cakupan.core.engine import Session

#: Types of columns whose notation is decided for the column as a whole.
AMOUNTS = frozenset({"rupiah", "count", "decimal"})
#: Real serials are mostly small and rarely end in 0; digits lost by Excel always do.
_ZERO_SHARE = 0.10
_ZERO_ROWS = 20


def one_row(
    connection: Session,
    query: str,
    parameters: dict[str, Any] | None = None,
) -> tuple[Any, ...]:
    """The one row of an aggregate, fetched to its end."""
    rows: list[tuple[Any, ...]] = connection.execute(query, parameters).fetchall()
    return rows[0]


def warning(code: str, field: str, row_count: int = 1, detail: str = "") -> Finding:
    """A warning about the whole file."""
    return Finding(
        code, Grade.SUBMISSION, Severity.WARNING, field, None, row_count, detail
    )


def notations_of(connection: Session, contract: Contract) -> dict[str, str]:
    """Column -> notation of its amounts: ``id``, ``us``, ``plain`` or ``mixed``."""
    if not any(column.type in AMOUNTS for column in contract.columns):
        return {}
    rows = connection.execute("from amount_notations order by column_name").fetchall()
    return {str(name): str(notation) for name, notation in rows}


def scheme_findings(connection: Session, contract: Contract) -> list[Finding]:
    """Area codes whose scheme cannot be told; table ``scheme_verdict`` must exist."""
    names = {column.type: column.name for column in contract.columns}
    is_undeclared, is_unknown = one_row(connection, "from scheme_verdict")
    found = []
    if is_undeclared:
        found.append(critical("SCHEME_UNDECLARED", names["area_code"]))
    if is_unknown:
        found.append(critical("SCHEME_UNKNOWN", names["scheme"]))
    return found


def precision_alarm(connection: Session, contract: Contract) -> list[Finding]:
    """Too many NIK end in 0: a number format ate their last digits somewhere."""
    if all(column.type != "nik" for column in contract.columns):
        return []
    count, zeros = one_row(connection, "from nik_profile")
    if count < _ZERO_ROWS or zeros <= _ZERO_SHARE * count:
        return []
    return [warning("NIK_PRECISION_LOSS_FILE", "nik", zeros, _share(zeros, count))]


def counts_differ(
    connection: Session, layout: Mapping[str, Any], typed: Path
) -> list[Finding]:
    """Rows per value that are not as many as the form states above its table."""
    found = []
    for column, stated in (layout.get("counts") or {}).items():
        rows = connection.execute(
            f"select {column}, count(*) from read_parquet({quoted_path(typed)}) "
            f"where {column} is not null group by all"
        ).fetchall()
        counted = dict(rows)
        if rows and any(counted.get(value, 0) != n for value, n in stated.items()):
            told = ", ".join(
                f"{value} {counted.get(value, 0)} ({number})"
                for value, number in sorted(stated.items())
            )
            found.append(warning("UPLOAD_COUNTS_DIFFER", column, detail=told))
    return found


def area_mismatch(
    connection: Session, contract: Contract, slot: Slot, typed: Path
) -> list[Finding]:
    """More than half of the rows that say where they belong lie in another area."""
    columns = {column.type: column.name for column in contract.columns}
    place = columns.get("area_code") or columns.get("village_code")
    if place is None:
        return []
    known, elsewhere = one_row(
        connection,
        f"select count({place}), count(*) filter (not starts_with({place}, $area)) "
        f"from read_parquet({quoted_path(typed)})",
        {"area": str(slot.area)},
    )
    if not known or elsewhere * 2 <= known:
        return []
    return [critical("AREA_MISMATCH", place, _share(elsewhere, known))]


def _share(part: int, whole: int) -> str:
    """A share as the sender writes numbers."""
    return f"{100 * part / whole:.1f} %".replace(".", ",")
