"""Contribution rates of BPJS Ketenagakerjaan: one function, one relation, one table."""

from cakupan.core.rates.amounts import Contribution, Line, contribution
from cakupan.core.rates.budget import (
    MonthsCovered,
    SharedMonth,
    budget_needed,
    months_covered,
    share,
)
from cakupan.core.rates.reference import sector_class_of
from cakupan.core.rates.relation import rates_table, register

__all__ = [
    "Contribution",
    "Line",
    "MonthsCovered",
    "SharedMonth",
    "budget_needed",
    "contribution",
    "months_covered",
    "rates_table",
    "register",
    "sector_class_of",
    "share",
]
