"""What others may ask of the published tables."""

from cakupan.publish.approval import (
    Approval,
    approval_of,
    decide,
    note_request,
    settle,
    was_requested,
)
from cakupan.publish.differences import COLUMNS as DIFFERENCE_COLUMNS
from cakupan.publish.differences import MOVEMENT_COLUMNS, differences, movements
from cakupan.publish.explain import explain, notes_on
from cakupan.publish.reading import (
    Release,
    Selection,
    coverage_history,
    coverage_rows,
    current_release,
    latest_covered,
    latest_released,
    release_of,
    released_months,
    releases,
    releases_of,
    reporting_rows,
)
from cakupan.publish.trace import trace

__all__ = [
    "DIFFERENCE_COLUMNS",
    "MOVEMENT_COLUMNS",
    "Approval",
    "Release",
    "Selection",
    "approval_of",
    "coverage_history",
    "coverage_rows",
    "current_release",
    "decide",
    "differences",
    "explain",
    "latest_covered",
    "latest_released",
    "movements",
    "note_request",
    "notes_on",
    "release_of",
    "released_months",
    "releases",
    "releases_of",
    "reporting_rows",
    "settle",
    "trace",
    "was_requested",
]
