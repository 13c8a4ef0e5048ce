"""How results are shown: a table for people, plain lines when piped, JSON on demand."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cakupan.core.errors import UsageError

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def plain(value: Any) -> Any:
    """A value as JSON can hold it; numbers stay exact, times are ISO 8601."""
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date | uuid.UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def cell(value: Any) -> str:
    """A value as a table shows it: ``-`` for no data, which is not zero."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M %Z").strip()
    return str(value)


def show_json(value: Any) -> None:
    """Write one JSON document to standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def show_rows(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[str],
    *,
    title: str = "",
    right: Iterable[str] = (),
    as_json: bool = False,
    always_table: bool = False,
) -> None:
    """Show rows under their column names.

    Args:
        rows: values in the order of ``columns``.
        columns: names; the keys of the JSON objects.
        title: shown above the table on a terminal.
        right: columns to align right.
        as_json: write a JSON array instead.
        always_table: draw the table also when the output is piped.
    """
    if as_json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if not console.is_terminal and not always_table:
        writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)
        return
    table = Table(title=title or None, title_justify="left")
    aligned = set(right)
    for column in columns:
        table.add_column(column, justify="right" if column in aligned else "left")
    for row in rows:
        table.add_row(*(cell(value).replace("[", "\\[") for value in row))
    target = console if console.is_terminal else Console(width=160)
    target.print(table, soft_wrap=False)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Whatever is written to a file the user named.

    Raises:
        UsageError: it cannot be written there.
    """
    try:
        with target.open("ab"):
            pass
        yield
    except OSError as error:
        raise UsageError(
            "FILE_NOT_WRITABLE",
            f"Cannot write {target} ({type(error).__name__}).",
            "Choose another file or folder.",
        ) from None


def check_outputs(
    outputs: Mapping[str, Path | None], inputs: Iterable[Path] = ()
) -> None:
    """Whether files can be written where the user said, before any work is done.

    Args:
        outputs: option → file, None where it is not given.
        inputs: files that are read, which nothing may overwrite.

    Raises:
        UsageError: one cannot be written, is read too, or is named twice; also by
            another path, a symbolic or a hard link.
    """
    taken = [(path, "a file that is read") for path in inputs]
    for option, target in outputs.items():
        if target is None:
            continue
        for other, what in taken:
            if _is_same(target, other):
                raise UsageError(
                    "OUT_OVERWRITES",
                    f"{option} is {what}; it would be lost.",
                    "Name another file.",
                )
        _check_writable(target)
        taken.append((target, f"the file of {option}"))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there yet
        return os.path.realpath(one) == os.path.realpath(other)


def _check_writable(target: Path) -> None:
    is_new = not os.path.lexists(target)
    with writing(target):
        if is_new:
            target.unlink()


def write_csv(
    target: Path, rows: Iterable[Sequence[Any]], columns: Sequence[str]
) -> None:
    """Write rows as UTF-8 CSV; no data is an empty field."""
    with writing(target), target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_csv_cell(value) for value in row] for row in rows)


def _csv_cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is made inert."""
    value = plain(value)
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value


def say(text: str) -> None:
    """A line for people; goes to standard error so that piped output stays clean."""
    errors.print(text, markup=False)


@contextmanager
def progress(total: int | None = None) -> Iterator[Step]:
    """A progress display on a terminal, plain lines otherwise."""
    if not errors.is_terminal:
        yield Step(None, None)
        return
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed}/{task.total}" if total else ""),
        TimeElapsedColumn(),
        console=errors,
    ) as bar:
        yield Step(bar, bar.add_task("", total=total))


class Step:
    """Says what is being done."""

    def __init__(self, bar: Progress | None, task: Any) -> None:
        self._bar, self._task = bar, task

    def __call__(self, text: str, *, advance: int = 1) -> None:
        """The next step begins."""
        if self._bar is None:
            say(text)
            return
        self._bar.update(self._task, description=text, advance=advance)
