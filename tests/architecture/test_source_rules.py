"""Rules about the code that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
SHIPPED = [
    path
    for folder in ("src", "include", "expectations", "dags", "plugins", "docs", "tools")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix in {".py", ".sql", ".yml", ".json", ".md", ".csv"}
]


def test_there_are_sources() -> None:
    assert len(SOURCES) > 40
    assert len(SHIPPED) > 80


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_bare_assert_and_no_print(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        assert not isinstance(node, ast.Assert), f"{path.name}:{node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{path.name}:{node.lineno}"


def test_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(ROOT / "src" / "cakupan"))
        for path in SOURCES
        if re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))
    }
    # the local services hand their children an environment of their own, and Great
    # Expectations can be told not to phone home in no other way
    assert readers == {
        "core/settings.py",
        "local/airflow_config.py",
        "local/pg_cluster.py",
        "quality/gx.py",
    }


def test_plugins_folder_holds_one_registration_file() -> None:
    files = [p.name for p in (ROOT / "plugins").glob("**/*") if p.suffix == ".py"]
    assert files == ["cakupan_plugin.py"]


def test_no_machine_paths_and_no_identity_numbers_in_what_ships() -> None:
    machine = re.compile(r"(^|[^\w.])/(work|root|farm)/")
    for path in SHIPPED:
        text = path.read_text("utf-8")
        assert not machine.search(text), path


def test_public_functions_have_docstrings() -> None:
    missing = []
    for path in SOURCES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                if node.name.startswith("_") or ast.get_docstring(node):
                    continue
                missing.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not missing, missing
