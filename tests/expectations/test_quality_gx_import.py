"""Great Expectations can be imported in every process that needs it."""

from __future__ import annotations

import subprocess
import sys


def test_a_process_without_a_main_file_is_not_ended() -> None:
    """Airflow and test workers fork such processes; Spark ends them on import."""
    program = (
        "import sys; from cakupan.quality import gx; gx.load(); "
        "assert 'pyspark' not in sys.modules; import pyspark; print('loaded')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "loaded\n", done.stderr
