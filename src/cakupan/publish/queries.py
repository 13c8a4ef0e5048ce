"""What others may ask of the published tables."""

from cakupan.publish.differences import differences
from cakupan.publish.explain import explain, notes_on
from cakupan.publish.reading import (
    Release,
    Selection,
    coverage_rows,
    current_release,
    release_of,
    releases,
    reporting_rows,
)

__all__ = [
    "Release",
    "Selection",
    "coverage_rows",
    "current_release",
    "differences",
    "explain",
    "notes_on",
    "release_of",
    "releases",
    "reporting_rows",
]
