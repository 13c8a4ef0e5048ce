"""Where a step of a month runs: in the task, or as a program that spark-submit starts.

With ``CAKUPAN_SPARK_CONN_ID`` the official provider submits it through that connection of
Airflow. The program is the Spark driver and runs beside the task (deploy mode client).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from cakupan.core.settings import Settings


def run_step(step: str, province: str, month: str) -> dict[str, Any]:
    """Reconcile or publish one month of one province.

    Args:
        step: of ``cakupan.runs.months.STEPS``.
        province: two-digit code.
        month: ``YYYY-MM``.

    Raises:
        CakupanError: as the step itself raises it, wherever it ran.
    """
    from cakupan.core.settings import load_settings
    from cakupan.runs.submitted import run_here

    settings = load_settings()
    connection = settings.spark_connection
    if settings.engine == "spark" and connection is not None:
        return _submitted(settings, connection, step, province, month)
    return run_here(settings, step, province, month)


def _submitted(
    settings: Settings, connection: str, step: str, province: str, month: str
) -> dict[str, Any]:
    from cakupan.core.resources import include
    from cakupan.core.scratch import scratch_folder
    from cakupan.core.spark import require_packages
    from cakupan.core.spark.jvm import submit_command
    from cakupan.runs.submitted import taken

    require_packages()
    from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook
    from airflow.sdk.exceptions import AirflowException

    with scratch_folder(settings.work_dir, "spark-submit") as folder:
        answer = folder / "answer.json"
        hook = SparkSubmitHook(
            conn_id=connection,
            name=f"cakupan {step} {province} {month}",
            application_args=[step, province, month, str(answer)],
            properties_file=_properties(settings, folder),
            spark_binary=submit_command(),
        )
        try:
            hook.submit(str(include("spark", "driver.py")))
        except AirflowException:
            if not answer.exists():
                raise
        except BaseException:
            hook.on_kill()
            raise
        return taken(answer)


def _properties(settings: Settings, folder: Path) -> str | None:
    """``CAKUPAN_SPARK_CONF`` as a file: a command line can be read by everybody."""
    if not settings.spark_conf:
        return None
    file = folder / "spark.conf"
    file.touch(0o600)
    lines = (f"{name} {value}\n" for name, value in settings.spark_conf)
    file.write_text("".join(lines), "utf-8")
    return str(file)
