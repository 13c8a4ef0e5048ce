"""What the money tables assume: ``include/reference/funding.yml``."""

from __future__ import annotations

from functools import cache

import yaml

from cakupan.core.resources import include

HORIZONS = ("decree_months", "policy_months")


@cache
def funding_rules() -> dict[str, int]:
    """Every rule of the file: risk class of a government, months of the horizons."""
    rules = yaml.safe_load(include("reference", "funding.yml").read_text("utf-8"))
    return {name: int(value) for name, value in rules.items()}


def warning_horizons() -> dict[str, int]:
    """Months after the coverage month, per name of :data:`HORIZONS`."""
    return {name: funding_rules()[name] for name in HORIZONS}
