"""The compose file is safe by construction; `.env.example` names every setting."""

from __future__ import annotations

import re
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
