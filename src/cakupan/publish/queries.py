"""What others may ask of the published tables."""

from cakupan.publish.differences import COLUMNS as DIFFERENCE_COLUMNS
from cakupan.publish.differences import MOVEMENT_COLUMNS, differences, movements
from cakupan.publish.explain import explain, notes_on
from cakupan.publish.reading import (
    Release,
    Selection,
    coverage_history,
    coverage_rows,
    current_release,
    release_of,
    released_months,
    releases,
    reporting_rows,
)
from cakupan.publish.trace import trace

__all__ = [
    "DIFFERENCE_COLUMNS",
    "MOVEMENT_COLUMNS",
    "Release",
    "Selection",
    "coverage_history",
    "coverage_rows",
    "current_release",
    "differences",
    "explain",
    "movements",
    "notes_on",
    "release_of",
    "released_months",
    "releases",
    "reporting_rows",
    "trace",
]
