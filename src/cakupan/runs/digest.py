"""One digest per run for the data engineers: what came, what failed, what to do."""

from __future__ import annotations

import hashlib
import json
import logging
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from cakupan.core import names
from cakupan.core.context import Context
from cakupan.core.database import database_errors
from cakupan.core.errors import CakupanError, ConfigurationError
from cakupan.core.schema import ops
from cakupan.core.settings import Settings
from cakupan.runs.mail import send

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
    has_news = bool(failures) or any(map(_is_news, results))
    if has_news and not was_mailed and context.settings.smtp_url:
        is_mailed = _mail_and_note(context, row["run_id"], dag_id, content)
    for label in content["failures"]:
        logger.error("%s: gagal: %s", dag_id, label)
    return {**content, "is_mailed": is_mailed}


def mail_unsent(context: Context) -> int:
    """Mail the digests that could not be mailed, once per content; how many were."""
    table = ops.run_digests
    other = table.alias()
    was_mailed = (
        sa.select(sa.literal(1))
        .where(other.c.content_sha256 == table.c.content_sha256)
        .where(other.c.mailed_at.is_not(None))
        .exists()
    )
    query = (
        sa.select(table.c.run_id, table.c.dag_id, table.c.content)
        .where(table.c.mailed_at.is_(None))
        .where(table.c.mail_code.is_not(None))
        .where(~was_mailed)
        .ext(distinct_on(table.c.content_sha256))
        .order_by(table.c.content_sha256, table.c.written_at)
    )
    with database_errors(), context.engine.connect() as connection:
        waiting = connection.execute(query).all()
    return sum(
        _mail_and_note(context, row.run_id, row.dag_id, row.content) for row in waiting
    )


def _mail_and_note(
    context: Context, run_id: str, dag_id: str, content: dict[str, Any]
) -> bool:
    """Mail a digest and note how it went; a run does not fail for its digest."""
    code = None
    try:
        _mail(context.settings, dag_id, content)
    except CakupanError as error:
        logger.error("%s: %s", dag_id, error)
        code = error.code
    table = ops.run_digests
    with database_errors(), context.engine.begin() as connection:
        connection.execute(
            table.update()
            .where(table.c.run_id == run_id)
            .values(mailed_at=None if code else sa.func.now(), mail_code=code)
        )
    return code is None


def _is_news(result: dict[str, Any]) -> bool:
    """An answer nobody had to give is none."""
    return result.get("approval") not in {"nothing to approve", "unanswered"}


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
        if "delivery" in result:
            words = {"sent": "terkirim", "failed": "gagal, dicoba lagi", "refused":
                     "ditolak server"}[result["state"]]  # fmt: skip
            code = f" ({result['code']})" if result["code"] else ""
            lines.append(f"  surel {result['delivery']}: {words}{code}")
        if "note" in result:
            lines.append(f"  PERHATIAN {result['note']}")
        if "release_id" in result:
            status = names.RELEASE_STATES[result["status"]]
            approval = names.named(names.APPROVALS, result["approval"])
            lines.append(f"  rilis {result['release_id']}: {status}, {approval}")
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
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(_lines(content)))
    send(settings, message, is_restricted=False)
