"""The SQL of the analysts' pages runs, as the analyst, on a month with everything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cakupan.core.schema.mart import PUBLISHED
from cakupan.demo import generate
from e2e.home import Home

pytestmark = pytest.mark.slow

TOLD: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "docs/indicators/marts.yml").read_text()
)
QUESTIONS = [
    pytest.param(question["sql"], id=f"{mart}-{number}")
    for mart, told in TOLD.items()
    for number, question in enumerate(told["questions"], start=1)
]


@pytest.fixture(scope="module")
def home(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """One small demo month."""
    made = new_home()
    province = generate(tmp_path_factory.mktemp("demo"), months=1, scale=0.02)
    made.cli("submit", *(file.path for file in province.files))
    assert made.cli("run").status in {0, 3}  # the refused file of the demo
    return made


@pytest.mark.parametrize("query", QUESTIONS)
def test_query_runs_for_the_analyst(home: Home, query: str) -> None:
    assert home.cli("sql", query, "--json").ok()


def test_every_mart_has_its_three_questions() -> None:
    assert TOLD.keys() == PUBLISHED.keys()
    assert {name for name, told in TOLD.items() if len(told["questions"]) < 3} == set()


def test_most_questions_have_an_answer(home: Home) -> None:
    answers = [
        home.cli("sql", each.values[0], "--json").ok().json for each in QUESTIONS
    ]
    assert sum(1 for answer in answers if answer) >= len(answers) - 6
