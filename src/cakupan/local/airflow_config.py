"""How the local Airflow is told what to do: environment variables and secrets only."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from cakupan.core import resources
from cakupan.core.errors import ConfigurationError
from cakupan.core.settings import Settings
from cakupan.local import postgres

USER = "admin"

#: What a new home says of who may see what on the pages.
_FIRST_ACCESS = f"""# Pengguna dan perannya; bentuknya dijelaskan di deploy/access.yml.
{USER}: engineer
"""

_NAME = re.compile(r"[\w.@-]+")

#: Set in the environment of every process of this Airflow; finds them again.
MARKER = "CAKUPAN_LOCAL_AIRFLOW"

#: Imported once and shared by all task processes; importing Great Expectations alone
#: costs seconds, so tasks that each did it would spend the run on starting.
PRELOAD = (
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.dag_processing.bundles.manager",
    "airflow.dag_processing.dagbag",
    "airflow.providers.standard.decorators.python",
    "airflow.providers.standard.decorators.short_circuit",
    "cakupan.runs.preloaded",
    "cakupan.runs.context",
    "cakupan.runs.announce",
    "cakupan.runs.digest",
    "cakupan.runs.months",
)


@dataclass(frozen=True, slots=True)
class AirflowHome:
    """Where the local Airflow keeps what."""

    home: Path

    @property
    def folder(self) -> Path:
        """``AIRFLOW_HOME``."""
        return self.home / "airflow"

    @property
    def logs(self) -> Path:
        """Logs of components and tasks."""
        return self.folder / "logs"

    @property
    def state(self) -> Path:
        """What runs: port and process ids."""
        return self.folder / "state.json"

    @property
    def lock(self) -> Path:
        """Held while starting or stopping."""
        return self.folder / "control.lock"

    @property
    def keys(self) -> Path:
        """Fernet and signing keys."""
        return self.home / "secrets" / "airflow_keys.json"

    @property
    def passwords(self) -> Path:
        """Names and passwords of the users."""
        return self.home / "secrets" / "airflow_password.json"


def passwords(settings: Settings) -> dict[str, str]:
    """Password of every login of :func:`users`, made once."""
    place = AirflowHome(settings.home).passwords
    return _secrets(
        place, {login: secrets.token_urlsafe(12) for login in users(settings)}
    )


def users(settings: Settings) -> dict[str, str]:
    """Role at Airflow by login: :data:`USER`, approvers, and who may see the pages.

    Approvers may answer questions; whoever else the access file of the pages names only
    looks. The file is made when it is missing.
    """
    place = settings.access_path
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(_FIRST_ACCESS, "utf-8")
    try:
        told = yaml.safe_load(place.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        told = None  # the pages say so, and let nobody in
    names = [str(name) for name in told] if isinstance(told, dict) else []
    return {
        USER: "admin",
        **{name: "viewer" for name in names if _NAME.fullmatch(name) and name != USER},
        **{one.user_id: "user" for one in settings.approvers if one.user_id != USER},
    }


def metadata_url(settings: Settings) -> str:
    """Airflow's own database on the embedded server."""
    return postgres.role_url(settings, "airflow", "airflow")


def environment(settings: Settings, port: int) -> dict[str, str]:
    """The whole environment of the components.

    Args:
        settings: given on to the tasks as ``CAKUPAN_*``.
        port: where the api server listens, on the loopback address.
    """
    place = AirflowHome(settings.home)
    passwords(settings)
    keys = _secrets(
        place.keys,
        {
            "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "jwt": secrets.token_urlsafe(64),
            "session": secrets.token_urlsafe(32),
        },
    )
    url = metadata_url(settings)
    # one more than there are cores, so that no small task waits behind large ones
    parallelism = 1 + max(2, min(4, os.cpu_count() or 2))
    options: dict[str, dict[str, object]] = {
        "core": {
            "auth_manager": "airflow.api_fastapi.auth.managers.simple"
            ".simple_auth_manager.SimpleAuthManager",
            "dags_folder": resources.dags(),
            "plugins_folder": resources.plugins(),
            "load_examples": False,
            "executor": "LocalExecutor",
            "parallelism": parallelism,
            "fernet_key": keys["fernet"],
            "execution_api_server_url": f"http://127.0.0.1:{port}/execution/",
            "simple_auth_manager_users": ",".join(
                f"{login}:{role}" for login, role in users(settings).items()
            ),
            "simple_auth_manager_passwords_file": place.passwords,
            "min_serialized_dag_update_interval": 5,
        },
        "database": {
            "sql_alchemy_conn": url,
            # psycopg 3 speaks both ways, so no second driver is needed
            "sql_alchemy_conn_async": url,
        },
        "api": {
            "host": "127.0.0.1",
            "port": port,
            "base_url": f"http://127.0.0.1:{port}",
            "secret_key": keys["session"],
            "instance_name": "Cakupan",
            "workers": 1,
        },
        "api_auth": {"jwt_secret": keys["jwt"]},
        "scheduler": {
            "mp_start_method": "forkserver",
            "mp_forkserver_preload": ",".join(PRELOAD),
            "scheduler_idle_sleep_time": 0.5,
            "task_instance_heartbeat_timeout": 60,
            "orphaned_tasks_check_interval": 60,
        },
        "dag_processor": {
            "refresh_interval": 10,
            # a DAG file that was changed is read at once, whatever this says
            "min_file_process_interval": 180,
            "parsing_processes": 1,
        },
        "logging": {
            "base_log_folder": place.logs,
            "dag_processor_child_process_log_directory": place.logs / "dag_processor",
        },
    }
    return {
        **_inherited(),
        **_settings_variables(settings),
        **{
            f"AIRFLOW__{section.upper()}__{name.upper()}": str(value)
            for section, values in options.items()
            for name, value in values.items()
        },
        "AIRFLOW_HOME": str(place.folder),
        MARKER: str(place.folder),
        # keep the environment readable for whoever looks for leftover processes
        "SPT_NOENV": "1",
        "PYTHONUNBUFFERED": "1",
        "PATH": os.pathsep.join(
            (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
        ),
        "NO_PROXY": _without_proxy(),
        "no_proxy": _without_proxy(),
    }


def _inherited() -> dict[str, str]:
    """Our environment without what would configure another Airflow."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW_", "_AIRFLOW_"))
    }


def _without_proxy() -> str:
    known = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    return ",".join(filter(None, (known, "127.0.0.1", "localhost")))


def _settings_variables(settings: Settings) -> dict[str, str]:
    values: Mapping[str, object] = {
        "HOME": settings.home,
        "PROVINCES": ",".join(settings.provinces),
        "OBJECT_STORE": settings.object_store,
        "WAREHOUSE_URL": settings.warehouse_url,
        "ANALYST_URL": settings.analyst_url,
        "STEWARD_URL": settings.steward_url,
        "PAGES_URL": settings.pages_url,
        "ACCESS": settings.access_path,
        "UPLOAD_LIMIT": f"{settings.upload_limit // 1000}KB",
        "PERSON_KEY": settings.person_key,
        "ENGINE": settings.engine,
        "SPARK_MASTER": settings.spark_master,
        "SPARK_FILE_ROWS": f"{settings.spark_file_rows}",
        "SPARK_CONN_ID": settings.spark_connection,
        "SPARK_CONF": ";".join("=".join(pair) for pair in settings.spark_conf),
        "TIMEZONE": settings.timezone,
        "MEMORY_LIMIT": settings.memory_limit,
        "THREADS": settings.threads,
        "SMTP_URL": settings.smtp_url,
        "MAIL_FROM": settings.mail_from,
        "MAIL_TO": ",".join(settings.mail_to),
        "REPORT_TO": ",".join(settings.report_to),
        "REPORT_PUBLIC_TO": ",".join(settings.report_public_to),
        "MAIL_AREAS": ",".join("=".join(pair) for pair in settings.mail_areas),
        "REPORT_URL": settings.report_url,
        "MAIL_LIMIT_MB": settings.mail_limit_bytes // 1_000_000,
        "APPROVERS": ";".join(f"{a.user_id}={a.name}" for a in settings.approvers),
    }
    return {f"CAKUPAN_{name}": str(value or "") for name, value in values.items()}


def embedded(settings: Settings) -> Settings:
    """The same settings on the embedded server: Airflow's own database is there."""
    return replace(settings, warehouse_url=None)


def _secrets(path: Path, fresh: Mapping[str, str]) -> dict[str, str]:
    """Read secrets; make the missing ones. Only the owner can read the file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known: dict[str, str] = {}
    if path.exists():
        try:
            known = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ConfigurationError(
                "AIRFLOW_SECRETS_BROKEN",
                f"{path} cannot be read.",
                "Remove the file; new secrets are made on the next start.",
            ) from error
    if set(fresh) <= set(known):
        return known
    whole = {**fresh, **known}
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(whole, file)
    temporary.replace(path)
    return whole
