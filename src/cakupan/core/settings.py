"""The only place that reads the environment: one typed, frozen object."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cakupan.core.errors import ConfigurationError

#: Local time of East Kalimantan.
DEFAULT_TIMEZONE = "Asia/Makassar"

#: Below it DuckDB is done before Spark has planned: docs/decisions/0019-spark.md.
_SPARK_FILE_ROWS = 10_000_000

_BYTES = {"K": 10**3, "M": 10**6, "G": 10**9}


#: What can be an address: no white space, no control character, nothing of a header.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Approver:
    """Who may approve a release.

    Attributes:
        user_id: login at Airflow, also what is typed at the command line.
        name: as the report shows it.
    """

    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What one deployment is told.

    Attributes:
        home: everything local lives below it.
        provinces: Kemendagri codes of the provinces served.
        object_store: ``file://…`` or ``s3://bucket/prefix``.
        warehouse_url: SQLAlchemy URL, ``None`` for the embedded PostgreSQL.
        analyst_url: URL that logs in as an analyst, ``None`` to derive it.
        steward_url: URL that logs in as a steward, ``None`` to derive it.
        pages_url: URL the pages read with, ``None`` to derive it.
        access_file: who may see what on the pages; ``None``: ``access.yml`` in ``home``.
        upload_limit: bytes of the largest file the upload page takes.
        person_key: key of the pseudonym, ``None`` to use the one kept in ``home``.
        engine: ``duckdb`` or ``spark``: what runs the transforms.
        spark_master: as Spark writes it.
        spark_file_rows: rows from which on a single file is staged and checked on Spark.
        spark_conf: properties of Spark, name and value; may hold secrets.
        spark_connection: connection of Airflow through which ``spark-submit`` starts
            the steps of a month; ``None``: the task is the driver.
        timezone: decides the business month and all due dates; ``None``: Asia/Makassar
            for the business month, for due dates the local time of each province.
        memory_limit: what DuckDB may use, e.g. ``1GB``.
        threads: threads of the transforms.
        smtp_url: ``smtp://user:password@host:port`` or ``None`` when no mail is sent.
        mail_from: sender of the digests.
        mail_to: recipients of the run digest.
        approvers: who may approve a release; none: no approval is asked for.
        report_to: who gets the internal report of a released month.
        report_public_to: who gets its public edition.
        mail_areas: regency and address; each gets its own scorecard and corrections.
        report_url: address of a file of the store, ``{key}`` for its key; ``""`` to
            name the place in the store instead.
        mail_limit_bytes: attachments above it are linked to.
    """

    home: Path
    provinces: tuple[str, ...] = ("64",)
    object_store: str = ""
    warehouse_url: str | None = field(default=None, repr=False)
    analyst_url: str | None = field(default=None, repr=False)
    steward_url: str | None = field(default=None, repr=False)
    pages_url: str | None = field(default=None, repr=False)
    access_file: Path | None = None
    upload_limit: int = 100_000_000
    person_key: str | None = field(default=None, repr=False)
    engine: str = "duckdb"
    spark_master: str = "local[*]"
    spark_file_rows: int = _SPARK_FILE_ROWS
    spark_conf: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    spark_connection: str | None = None
    timezone: str | None = None
    memory_limit: str = "1GB"
    threads: int = 2
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "cakupan@localhost"
    mail_to: tuple[str, ...] = ()
    approvers: tuple[Approver, ...] = ()
    report_to: tuple[str, ...] = ()
    report_public_to: tuple[str, ...] = ()
    mail_areas: tuple[tuple[str, str], ...] = ()
    report_url: str = ""
    mail_limit_bytes: int = 10_000_000

    @property
    def tz(self) -> ZoneInfo:
        """The business time zone."""
        return ZoneInfo(self.timezone or DEFAULT_TIMEZONE)

    @property
    def access_path(self) -> Path:
        """Where it stands who may see what on the pages."""
        return self.access_file or self.home / "access.yml"

    @property
    def work_dir(self) -> Path:
        """Scratch space; anything in it may be deleted when nothing runs."""
        return self.home / "work"


def environment() -> dict[str, str]:
    """All variables of this process, to hand to one that must see the same."""
    return dict(os.environ)


def take_over(variables: Mapping[str, str]) -> None:
    """Give this process the variables of another."""
    os.environ.update(variables)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def _addresses(name: str, text: str) -> tuple[str, ...]:
    """Mail addresses separated by commas or spaces.

    Raises:
        ConfigurationError: one is none; it is not quoted, for it may be a person's.
    """
    found = tuple(dict.fromkeys(_words(text)))
    if not all(_ADDRESS.fullmatch(one) for one in found):
        raise ConfigurationError(
            "MAIL_ADDRESS_INVALID",
            f"CAKUPAN_{name} holds something that is no mail address.",
            "Write name@example.go.id, several separated by commas.",
        )
    return found


def _sender(text: str) -> str:
    """One mail address.

    Raises:
        ConfigurationError: it is none.
    """
    if not _ADDRESS.fullmatch(text):
        raise ConfigurationError(
            "MAIL_ADDRESS_INVALID",
            "CAKUPAN_MAIL_FROM is not one mail address.",
            "Write name@example.go.id, without a name beside it.",
        )
    return text


def _smtp_url(text: str) -> str | None:
    """Address of a mail server, ``None`` for none; it is not quoted: it holds a password.

    Raises:
        ConfigurationError: scheme, host or port are not those of a mail server.
    """
    if not text:
        return None
    try:
        found = urlsplit(text)
        is_one = found.scheme in {"smtp", "smtps"} and bool(found.hostname)
        is_one = is_one and found.port != 0 and text.isprintable()
    except ValueError:
        is_one = False
    if not is_one:
        raise ConfigurationError(
            "SMTP_URL_INVALID",
            "CAKUPAN_SMTP_URL is no address of a mail server.",
            "Write smtp://host:25 or smtps://user:password@host:465; signs such as @, / "
            "and : of a password as %40, %2F and %3A.",
        )
    return text


def _mail_areas(text: str) -> tuple[tuple[str, str], ...]:
    """``64.02=name@example.go.id``, separated by commas; a regency may have several.

    Raises:
        ConfigurationError: an entry is no regency with an address.
    """
    found = []
    for entry in dict.fromkeys(_words(text)):
        area, _, address = entry.partition("=")
        if not re.fullmatch(r"\d{2}\.\d{2}", area) or not _ADDRESS.fullmatch(address):
            raise ConfigurationError(
                "MAIL_AREAS_INVALID",
                "CAKUPAN_MAIL_AREAS is not a list of regencies with an address.",
                "Write 64.02=name@example.go.id, several separated by commas.",
            )
        found.append((area, address))
    return tuple(found)


def _mail_limit(text: str) -> int:
    """Megabytes as bytes.

    Raises:
        ConfigurationError: it is no number from 1.
    """
    if not re.fullmatch(r"[1-9]\d{0,2}", text):
        raise ConfigurationError(
            "MAIL_LIMIT_INVALID",
            f"CAKUPAN_MAIL_LIMIT_MB={text!r}.",
            "Give a number of megabytes from 1.",
        )
    return int(text) * 1_000_000


def _approvers(text: str) -> tuple[Approver, ...]:
    """``login`` or ``login=Full Name``, separated by semicolons: names hold commas.

    Raises:
        ConfigurationError: a login is none.
    """
    found = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        user_id, _, name = (part.strip() for part in entry.partition("="))
        if not re.fullmatch(r"[\w.@-]{1,100}", user_id) or not name.isprintable():
            raise ConfigurationError(
                "APPROVERS_INVALID",
                "CAKUPAN_APPROVERS is not a list of logins.",
                "Write login or login=Full Name, separated by semicolons.",
            )
        found.append(Approver(user_id, name or user_id))
    return tuple(found)


def _spark_master(text: str) -> str:
    """A master as Spark writes it.

    Raises:
        ConfigurationError: it is none.
    """
    known = r"local(\[(\*|\d+)(,\d+)?\])?|yarn|(spark|k8s)://\S+"
    if not re.fullmatch(known, text):
        raise ConfigurationError(
            "SPARK_MASTER_INVALID",
            f"CAKUPAN_SPARK_MASTER={text!r} is no Spark master.",
            "Use local[*], spark://host:7077, yarn or k8s://https://host:443.",
        )
    return text


def _spark_file_rows(text: str) -> int:
    """A number of rows; the default where none is given.

    Raises:
        ConfigurationError: it is none.
    """
    if text and not re.fullmatch(r"\d{1,9}", text):
        raise ConfigurationError(
            "SPARK_FILE_ROWS_INVALID",
            f"CAKUPAN_SPARK_FILE_ROWS={text!r}.",
            "Give a number of rows; 0 stages every file on Spark.",
        )
    return int(text) if text else _SPARK_FILE_ROWS


def _spark_conf(text: str) -> tuple[tuple[str, str], ...]:
    """``spark.name=value``, separated by semicolons.

    Raises:
        ConfigurationError: an entry is no property of Spark; it is not quoted, for it
            may be a secret.
    """
    found = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, value = entry.partition("=")
        if not sign or not re.fullmatch(r"spark\.[\w.-]+", name.strip()):
            raise ConfigurationError(
                "SPARK_CONF_INVALID",
                "CAKUPAN_SPARK_CONF is not a list of Spark properties.",
                "Write spark.executor.memory=4g, several separated by semicolons.",
            )
        found.append((name.strip(), value.strip()))
    return tuple(found)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Build the settings from ``CAKUPAN_*`` variables.

    Raises:
        ConfigurationError: a variable has a value that cannot be used.
    """
    env = os.environ if environ is None else environ

    def get(name: str) -> str:
        return env.get(f"CAKUPAN_{name}", "").strip()

    home = Path(get("HOME") or ".cakupan").expanduser().resolve()
    provinces = tuple(dict.fromkeys(_words(get("PROVINCES") or "64")))
    for code in provinces:
        if not re.fullmatch(r"\d{2}", code):
            raise ConfigurationError(
                "PROVINCES_INVALID",
                f"CAKUPAN_PROVINCES holds {code!r}.",
                "Give two-digit Kemendagri codes separated by commas, e.g. 64,65.",
            )
    timezone = get("TIMEZONE") or None
    try:
        ZoneInfo(timezone or DEFAULT_TIMEZONE)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            "TIMEZONE_INVALID",
            f"CAKUPAN_TIMEZONE={timezone!r} is not a time zone.",
            "Use a name such as Asia/Makassar (WITA), Asia/Jakarta or Asia/Jayapura.",
        ) from error
    engine = get("ENGINE") or "duckdb"
    if engine not in {"duckdb", "spark"}:
        raise ConfigurationError(
            "ENGINE_INVALID",
            f"CAKUPAN_ENGINE={engine!r} is no engine.",
            "Use duckdb or spark, or leave it out for duckdb.",
        )
    store = get("OBJECT_STORE") or f"file://{home / 'store'}"
    if not re.match(r"(file|s3)://.+", store):
        raise ConfigurationError(
            "STORE_INVALID",
            "CAKUPAN_OBJECT_STORE is neither file:// nor s3://.",
            "Write file:///path or s3://bucket/prefix.",
        )
    threads = get("THREADS") or str(min(4, os.cpu_count() or 2))
    if not threads.isdigit() or int(threads) < 1:
        raise ConfigurationError(
            "THREADS_INVALID", f"CAKUPAN_THREADS={threads!r}.", "Give a number from 1."
        )
    memory_limit = get("MEMORY_LIMIT") or "1GB"
    if not re.fullmatch(r"\d+(\.\d+)? ?([KMGT]i?B|%)", memory_limit, re.IGNORECASE):
        raise ConfigurationError(
            "MEMORY_LIMIT_INVALID",
            f"CAKUPAN_MEMORY_LIMIT={memory_limit!r}.",
            "Give a size such as 1GB or 800MB.",
        )
    upload = re.fullmatch(r"(\d{1,6}) ?([KMG])B", get("UPLOAD_LIMIT") or "100MB")
    if upload is None:
        raise ConfigurationError(
            "UPLOAD_LIMIT_INVALID",
            f"CAKUPAN_UPLOAD_LIMIT={get('UPLOAD_LIMIT')!r}.",
            "Give a size such as 100MB or 1GB.",
        )
    access = get("ACCESS")
    return Settings(
        home=home,
        provinces=provinces,
        object_store=store,
        warehouse_url=get("WAREHOUSE_URL") or None,
        analyst_url=get("ANALYST_URL") or None,
        steward_url=get("STEWARD_URL") or None,
        pages_url=get("PAGES_URL") or None,
        access_file=Path(access).expanduser().resolve() if access else None,
        upload_limit=int(upload[1]) * _BYTES[upload[2]],
        person_key=get("PERSON_KEY") or None,
        engine=engine,
        spark_master=_spark_master(get("SPARK_MASTER") or "local[*]"),
        spark_file_rows=_spark_file_rows(get("SPARK_FILE_ROWS")),
        spark_conf=_spark_conf(get("SPARK_CONF")),
        spark_connection=get("SPARK_CONN_ID") or None,
        timezone=timezone,
        memory_limit=memory_limit,
        threads=int(threads),
        smtp_url=_smtp_url(get("SMTP_URL")),
        mail_from=_sender(get("MAIL_FROM") or "cakupan@localhost"),
        mail_to=_addresses("MAIL_TO", get("MAIL_TO")),
        approvers=_approvers(get("APPROVERS")),
        report_to=_addresses("REPORT_TO", get("REPORT_TO")),
        report_public_to=_addresses("REPORT_PUBLIC_TO", get("REPORT_PUBLIC_TO")),
        mail_areas=_mail_areas(get("MAIL_AREAS")),
        report_url=get("REPORT_URL"),
        mail_limit_bytes=_mail_limit(get("MAIL_LIMIT_MB") or "10"),
    )
