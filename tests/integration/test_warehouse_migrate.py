"""The migrated database is what the schema says, with roles that hold."""

from __future__ import annotations

import sqlalchemy as sa


def test_mart_views_exist(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        views = set(sa.inspect(connection).get_view_names("mart"))
    assert views == {
        "areas", "data_dictionary", "freshness", "monthly_coverage",
        "monthly_discrepancies", "monthly_protection", "monthly_reporting",
        "monthly_village_coverage", "releases",
    }  # fmt: skip
