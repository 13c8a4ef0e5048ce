"""One digest per run for the data engineers: what came, what failed, what to do."""

from __future__ import annotations

import hashlib
import json
import logging
import smtplib
import ssl
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from cakupan.core.context import Context
from cakupan.core.database import database_errors
from cakupan.core.errors import ConfigurationError, OperationalError
from cakupan.core.schema import ops
from cakupan.core.settings import Settings

logger = logging.getLogger(__name__)


def write_digest(
    context: Context,
    dag_id: str,
    run_id: str,
    results: list[dict[str, Any]],
    failures: list[str],
) -> dict[str, Any]:
    """Store the digest of a run and mail it once per content.

    Args:
        context: store and warehouse.
        dag_id: which flow ran.
        run_id: which run of it.
        results: what the tasks returned: ids, states and counts, no personal values.
        failures: labels of the tasks that failed.

    Returns:
        The digest: ``{"dag_id", "results", "failures", "is_mailed"}``.
    """
    content = {"dag_id": dag_id, "results": results, "failures": sorted(failures)}
    digest = hashlib.sha256(
        json.dumps(content, sort_keys=True, default=str).encode()
    ).hexdigest()
    table = ops.run_digests
    row = {
        "run_id": f"{dag_id}/{run_id}",
        "dag_id": dag_id,
        "written_at": sa.func.now(),
        "content_sha256": digest,
        "content": json.loads(json.dumps(content, default=str)),
    }
    with database_errors(), context.engine.begin() as connection:
        connection.execute(
            insert(table)
            .values(row)
            .on_conflict_do_update(
                index_elements=[table.c.run_id],
                set_={key: row[key] for key in ("content_sha256", "content")},
            )
        )
        was_mailed = connection.scalar(
            sa.select(sa.func.count())
            .where(table.c.content_sha256 == digest)
            .where(table.c.mailed_at.is_not(None))
        )
    is_mailed = False
    has_news = bool(results or failures)
    if has_news and not was_mailed and context.settings.smtp_url:
        _mail(context.settings, dag_id, content)
        is_mailed = True
        with database_errors(), context.engine.begin() as connection:
            connection.execute(
                table.update()
                .where(table.c.run_id == row["run_id"])
                .values(mailed_at=sa.func.now())
            )
    for label in content["failures"]:
        logger.error("%s: gagal: %s", dag_id, label)
    return {**content, "is_mailed": is_mailed}


def _lines(content: dict[str, Any]) -> list[str]:
    lines = [f"Alur: {content['dag_id']}", ""]
    if content["failures"]:
        lines += ["GAGAL, perlu ditindaklanjuti:"]
        lines += [f"  - {label}" for label in content["failures"]]
        lines += ["", "Bagian lain tetap diproses. Buka log tugas yang merah,", ""]
        lines[-2] += " perbaiki penyebabnya, lalu jalankan ulang tugas itu saja."
    for result in content["results"]:
        for submission in result.get("submissions", ()):
            lines.append(
                "  {submission_id}: {state}; diterima {received_count} = diolah "
                "{accepted_count} + karantina {quarantined_count} + ditolak "
                "{rejected_count}".format(**submission)
            )
        if "release_id" in result:
            lines.append("  rilis {release_id}: {status}, {approval}".format(**result))
    return lines


def _mail(settings: Settings, dag_id: str, content: dict[str, Any]) -> None:
    if not settings.mail_to:
        raise ConfigurationError(
            "MAIL_RECIPIENTS_MISSING",
            "CAKUPAN_SMTP_URL is set but CAKUPAN_MAIL_TO is empty.",
            "Give one or more addresses, separated by commas.",
        )
    message = EmailMessage()
    state = "GAGAL sebagian" if content["failures"] else "selesai"
    message["Subject"] = f"[Cakupan] {dag_id}: {state}"
    message["From"] = settings.mail_from
    message["To"] = ", ".join(settings.mail_to)
    message.set_content("\n".join(_lines(content)))
    send(settings, message)


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand a message to the configured mail server.

    ``smtp://`` upgrades to TLS when the server offers it, ``smtps://`` speaks TLS at
    once.

    Raises:
        OperationalError: the server is away or refuses the message.
    """
    url = urlsplit(settings.smtp_url or "")
    context = ssl.create_default_context()
    try:
        server: smtplib.SMTP
        if url.scheme == "smtps":
            server = smtplib.SMTP_SSL(
                url.hostname or "", url.port or 465, timeout=30, context=context
            )
        else:
            server = smtplib.SMTP(url.hostname or "", url.port or 25, timeout=30)
        with server:
            server.ehlo()
            if url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise OperationalError(
            "MAIL_FAILED",
            f"The mail server did not take the message ({type(error).__name__}).",
            "Check CAKUPAN_SMTP_URL and the server, then run the task again.",
        ) from None
