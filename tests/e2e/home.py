"""A deployment of its own for end-to-end tests, driven by its command line."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.settings import Settings, load_settings
from cakupan.runs.context import open_context

KEY = "kunci-uji-" * 4
_OURS = ("CAKUPAN_", "AIRFLOW_", "AWS_", "FORCE_COLOR", "TTY_")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[list[str]]:
        """Rows of a piped table, header first."""
        return [line.split("\t") for line in self.out.splitlines()]

    def ok(self) -> Done:
        assert self.status == 0, (self.status, self.out, self.err)
        return self


@dataclass(frozen=True)
class Home:
    """Where a deployment lies and what it is told."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_OURS)
        }
        return {
            **kept,
            "CAKUPAN_HOME": str(self.folder),
            "CAKUPAN_PERSON_KEY": KEY,
            **self.variables,
        }

    @property
    def settings(self) -> Settings:
        return load_settings(self.environ)

    def told(self, **variables: str) -> Home:
        """The same deployment, told something else."""
        return replace(self, variables={**self.variables, **variables})

    def cli(self, *words: str | Path) -> Done:
        """``cakupan …`` in this process: the imports are paid once."""
        from cakupan.cli.main import run

        out, err = io.StringIO(), io.StringIO()
        before = sys.argv
        sys.argv = ["cakupan", *map(str, words)]
        status = 0
        try:
            with (
                self.told_here(),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                run()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        finally:
            sys.argv = before
        return Done(status, out.getvalue(), err.getvalue())

    def process(self, *words: str | Path) -> subprocess.Popen[str]:
        """``cakupan …`` as a process of its own."""
        program = Path(sys.executable).parent / "cakupan"
        return subprocess.Popen(
            [str(program), *map(str, words)],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def shell(self, *words: str | Path) -> Done:
        """``cakupan …`` in a process of its own, waited for."""
        process = self.process(*words)
        out, err = process.communicate(timeout=300)
        return Done(process.returncode, out, err)

    @contextlib.contextmanager
    def told_here(self) -> Iterator[None]:
        """This process has the environment of the deployment."""
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(self.environ)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    @contextlib.contextmanager
    def context(self) -> Iterator[Context]:
        with self.told_here(), open_context(self.settings) as context:
            yield context

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query as the owner of the warehouse."""
        with self.context() as context, context.engine.connect() as connection:
            found = connection.execute(sa.text(query), parameters)
            return [tuple(row) for row in found]

    def release_files(self) -> dict[str, str]:
        """sha256 of every release file by its key."""
        with self.context() as context:
            return {
                found.key: hashlib.sha256(context.store.read(found.key)).hexdigest()
                for found in context.store.list("releases/")
            }
