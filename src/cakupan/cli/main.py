"""The command line. Errors end as a message with a code, never as a traceback."""

from __future__ import annotations

import logging
import sys
import traceback

import typer

from cakupan.cli import (
    explaining,
    files,
    linkage,
    local,
    months,
    releases,
    reports,
    review,
    rosters,
)
from cakupan.cli.output import errors
from cakupan.core.errors import CakupanError
from cakupan.core.masking import PersonalDataFilter, mask_text
from cakupan.core.settings import load_settings

app = typer.Typer(
    name="cakupan",
    help="Monthly coverage of BPJS Ketenagakerjaan: files in, coverage tables out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    local,
    files,
    months,
    explaining,
    releases,
    reports,
    linkage,
    rosters,
    review,
):
    module.register(app)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(PersonalDataFilter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def run() -> None:
    """Entry point; the exit status is that of the contract."""
    _log_to_stderr()
    try:
        app()
    except CakupanError as error:
        errors.print(f"{error.code}: {error.message}", markup=False, style="bold red")
        if error.hint:
            errors.print(error.hint, markup=False)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last line before a traceback
        _keep_trace()
        errors.print(
            f"INTERNAL_ERROR: {type(error).__name__}. This is a fault of Cakupan, "
            f"not of your file; details are in {_trace_file()}.",
            markup=False,
            style="bold red",
        )
        sys.exit(1)


def _trace_file() -> str:
    return str(load_settings().home / "errors.log")


def _keep_trace() -> None:
    """Code places only: values in the text of an exception could be personal."""
    kind, _, trace = sys.exc_info()
    frames = "".join(traceback.format_tb(trace))
    home = load_settings().home
    home.mkdir(parents=True, exist_ok=True)
    with (home / "errors.log").open("a", encoding="utf-8") as stream:
        name = kind.__name__ if kind else "?"
        stream.write(f"{' '.join(sys.argv[1:2])}: {name}\n{mask_text(frames)}\n")
