"""What must hold before a month is published; otherwise nothing is."""

from __future__ import annotations

from cakupan.core.engine import Session
from cakupan.core.errors import InvariantBroken
from cakupan.core.lake import run_sql
from cakupan.core.schema.mart import PUBLISHED

#: ``include/sql/06_publish/checks/<name>.sql``: each finds rows that break the rule.
CHECKS = {
    "registered_partition": "registered = active + lapsed + unenrolled + review",
    "active_parts": "active = paid up + grace; verified within registered",
    "province_and_regencies": "province between the largest and the sum of regencies",
    "report_balance": "received = accepted + quarantined + rejected",
    "village_bounds": "covered villages within the villages of the area",
    "percentages": "percentage = count / denominator",
    "segments_and_programmes": "ALL between the largest segment and the sum",
    "money_adds_up": "rupiah of ALL = sum over payers and over groups",
    "money_conserved": "rupiah published = rupiah of the files",
    "tables_agree": "what two tables count, they count alike",
}


def check_marts(connection: Session, province: str, year: int) -> None:
    """Look for contradictions in the computed tables of a session.

    Args:
        connection: session that holds the tables of :data:`PUBLISHED` and what they
            were computed from.
        province: two-digit Kemendagri code.
        year: fiscal year of the month.

    Raises:
        InvariantBroken: names the rule and the first area that breaks it.
    """
    for table, columns in PUBLISHED.items():
        keys = [
            column.name for column in columns.primary_key if column.name != "release_id"
        ]
        grain = ", ".join(keys)
        twice = connection.execute(
            f"select area_code, count(*) from {table} group by {grain} "
            "having count(*) > 1 order by area_code limit 1"
        ).fetchone()
        if twice:
            raise _broken("grain", f"{table} has one row per {grain}", str(twice[0]))
    for name, rule in CHECKS.items():
        broken = run_sql(
            connection,
            "06_publish",
            "checks",
            f"{name}.sql",
            parameters={"province_code": province, "target_year": year},
        ).fetchone()
        if broken:
            raise _broken(name, rule, f"{broken[0]} ({broken[1]})")


def _broken(name: str, rule: str, where: str) -> InvariantBroken:
    return InvariantBroken(
        f"INVARIANT_{name.upper()}",
        f"Published numbers would break the rule: {rule}. First at {where}.",
        "Nothing was published. Look at the files of this area for the month.",
    )
