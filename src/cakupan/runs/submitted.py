"""A step of a month as a program of its own, for ``spark-submit``.

``spark-submit include/spark/driver.py STEP PROVINCE MONTH ANSWER`` writes a file that says
what the step returned or which error ended it; :func:`taken` reads it. So an error keeps
its code and its class, by which Airflow decides whether to try again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from cakupan.core import errors
from cakupan.core.errors import CakupanError, OperationalError
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings, load_settings


def main(step: str, province: str, month: str, answer: str) -> int:
    """Run the step on the master that ``spark-submit`` was given; the exit status."""
    target = Path(answer)
    try:
        settings = replace(load_settings(), engine="spark", spark_master=_master())
        done = run_here(settings, step, province, month)
    except CakupanError as error:
        kind, *said = error.__reduce__()
        told = {"error": kind.__name__, "said": said[0]}
        target.write_text(json.dumps(told), "utf-8")
        return error.exit_status
    target.write_text(json.dumps({"done": done}), "utf-8")
    return 0


def run_here(
    settings: Settings, step: str, province: str, month: str
) -> dict[str, Any]:
    """Run a step in this process; arguments as :func:`main` takes them."""
    from cakupan.runs.context import open_context  # noqa: PLC0415 - not to submit
    from cakupan.runs.months import STEPS  # noqa: PLC0415

    with open_context(settings) as context:
        return STEPS[step](context, province, CoverageMonth.parse(month))


def _master() -> str:
    """The master ``spark-submit`` was given; its Java knows it before any session."""
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - an extra

    SparkContext._ensure_initialized()  # nothing public asks Java this early
    return str(SparkConf().get("spark.master"))


def taken(answer: Path) -> dict[str, Any]:
    """What the step returned.

    Raises:
        CakupanError: the one that ended the step.
        OperationalError: the program ended without an answer.
    """
    if not answer.exists():
        raise OperationalError(
            "SPARK_DRIVER_LOST",
            "The program that spark-submit started ended without an answer.",
            "See its messages above. The driver must run where the task runs: deploy "
            "mode client.",
        )
    told = json.loads(answer.read_text("utf-8"))
    if "error" in told:
        raise getattr(errors, told["error"])(*told["said"])
    done: dict[str, Any] = told["done"]
    return done
