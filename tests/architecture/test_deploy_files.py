"""The compose file is safe by construction; `.env.example` names every setting."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cakupan.local.airflow_config import PRELOAD

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
ONE_SHOT = {"init", "objectstore-volume"}
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def test_old_compose_can_read_it() -> None:
    """Version 1.29 knows no top-level name, and needs a version for depends_on."""
    assert "name" not in COMPOSE
    assert COMPOSE["version"] == "3.8"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_is_closed(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["mem_limit"]
    if name == "objectstore-volume":  # gives a fresh volume away, then ends
        assert service["cap_add"] == ["CHOWN"]
        assert service["network_mode"] == "none"
    else:
        assert int(service["user"].split(":")[0]) > 0
        assert "cap_add" not in service
    if name not in ONE_SHOT:
        assert service["healthcheck"]["test"]


def test_only_the_web_page_is_published_and_only_here() -> None:
    published = {name: s["ports"] for name, s in SERVICES.items() if "ports" in s}
    assert published == {
        "airflow-apiserver": ["${AIRFLOW_LISTEN:-127.0.0.1:8080}:8080"]
    }
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("airflow-postgres", "warehouse-postgres", "objectstore", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_no_secret_has_a_default() -> None:
    for variable, rest in re.findall(r"(?<!\$)\$\{(\w+)(:[^}]*)?\}", TEXT):
        if not re.search(r"PASSWORD|SECRET|FERNET|_KEY", variable):
            continue
        # Redis takes part in one profile only and checks its password on starting
        allowed = ":-" if variable == "REDIS_PASSWORD" else f":?set {variable} in .env"
        assert rest == allowed, variable


def test_example_names_every_setting_and_every_variable_of_the_compose_file() -> None:
    named = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.M))
    source = (ROOT / "src/cakupan/core/settings.py").read_text("utf-8")
    settings = {f"CAKUPAN_{name}" for name in re.findall(r'get\("(\w+)"\)', source)}
    assert settings
    assert settings <= named
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT))
    limits = {name for name in used if name.endswith("_MEMORY")}
    assert used - limits <= named


def test_tasks_share_their_imports_in_production_as_on_a_laptop() -> None:
    shared = COMPOSE["x-airflow-environment"][
        "AIRFLOW__SCHEDULER__MP_FORKSERVER_PRELOAD"
    ]
    assert tuple(shared.split(",")) == PRELOAD
    celery = json.loads(
        COMPOSE["x-airflow-environment"]["AIRFLOW__CELERY__EXTRA_CELERY_CONFIG"]
    )
    assert set(celery["imports"]) <= set(PRELOAD)


def test_image_is_small_and_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    stages = [line for line in lines if line.startswith("FROM")]
    assert stages == ["FROM ${BASE_IMAGE} AS build", "FROM ${BASE_IMAGE}"]
    final = lines[lines.index(stages[1]) :]
    assert not [line for line in final if "apt-get" in line or "pip" in line]
    assert "USER 10001:10001" in final
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert "*" in ignored
    assert "!.env" not in ignored


def test_any_builder_can_build_it() -> None:
    """The classic builder, and docker-compose 1.29 with it, know neither of these."""
    for folder in (ROOT, ROOT / "tools/containers"):
        text = (folder / "Dockerfile").read_text("utf-8")
        assert not re.search(r"--chmod|--mount|--link|<<", text)


@pytest.mark.parametrize(
    "name", ["api-server", "healthy", "make-env", "warehouse-init.sh"]
)
def test_scripts_can_be_run(name: str) -> None:
    """The database image runs what is executable and sources what is not."""
    assert os.access(ROOT / "deploy" / name, os.X_OK)


def test_an_empty_volume_stays_with_the_object_store() -> None:
    """Else the engine gives it back to the owner of the image's folder each time."""
    for name in ("objectstore-volume", "objectstore"):
        assert SERVICES[name]["volumes"] == ["objects:/data:nocopy"]


def _make_env(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / "deploy/make-env")], capture_output=True, text=True, check=False
    )


def _values(file: Path) -> dict[str, str]:
    lines = file.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match("[A-Z]", line))


def test_secrets_are_drawn_for_each_installation(tmp_path: Path) -> None:
    drawn = []
    for name in ("one", "two"):
        folder = tmp_path / name
        (folder / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "deploy/make-env", folder / "deploy")
        shutil.copy(ROOT / ".env.example", folder)
        assert _make_env(folder).returncode == 0
        assert (folder / ".env").stat().st_mode & 0o077 == 0
        drawn.append(_values(folder / ".env"))
    required = set(re.findall(r"\$\{(\w+):\?", TEXT)) | {"REDIS_PASSWORD"}
    secrets = [values[name] for values in drawn for name in required]
    assert all(len(value) >= 32 for value in secrets)
    assert len(set(secrets)) == len(secrets)
    assert re.fullmatch(r"[\w-]{43}=", drawn[0]["AIRFLOW_FERNET_KEY"])


def test_an_env_file_is_kept_and_what_it_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/make-env", tmp_path / "deploy")
    shutil.copy(ROOT / ".env.example", tmp_path)
    _make_env(tmp_path)
    text = (tmp_path / ".env").read_text("utf-8")
    text = re.sub(r"^(AIRFLOW_JWT_SECRET=).*$", r"\1", text, flags=re.M)
    (tmp_path / ".env").write_text(text, "utf-8")
    again = _make_env(tmp_path)
    assert again.returncode == 1
    assert again.stderr == ".env: no value for AIRFLOW_JWT_SECRET\n"
    assert (tmp_path / ".env").read_text("utf-8") == text
