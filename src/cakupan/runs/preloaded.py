"""Imported by the server whose forks check files: everything a batch needs."""

from __future__ import annotations

import pandas as pd

import cakupan.runs.context
import cakupan.runs.ingest
from cakupan.quality import gx
from cakupan.quality.suite import load_suite

__all__ = ["cakupan"]

# the first judgement of a process fills the caches of Great Expectations: half a second
_SUITE = load_suite("rule_summary")
gx.judge(
    pd.DataFrame(
        {column: [0] for rule in _SUITE.rules for column in rule.columns},
        index=pd.Index([0], name="rule_id"),
    ),
    _SUITE.rules,
)
