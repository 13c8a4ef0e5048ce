"""Handing a message to the mail server."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from cakupan.core.errors import OperationalError
from cakupan.core.settings import Settings

#: Seconds for one answer of the server.
_PATIENCE = 30


class MailRefused(OperationalError):
    """The server said that it will never take this message for this address."""


def send(settings: Settings, message: EmailMessage, *, is_restricted: bool) -> None:
    """Hand a message to the configured mail server.

    ``smtp://`` upgrades to TLS when the server offers it, ``smtps://`` speaks TLS at
    once; certificates are checked.

    Args:
        settings: where the server is.
        message: with one recipient, or several of which at least one must be taken.
        is_restricted: it names people: never without TLS, except on this machine.

    Raises:
        MailRefused: an answer 5xx about this message or its recipients.
        OperationalError: the server is away, busy (4xx), does not let us in, or has no
            TLS for what names people. Trying again may help.
    """
    url = urlsplit(settings.smtp_url or "")
    try:
        with _connect(url) as server:
            is_open = not _is_sealed(server)
            if is_open and is_restricted and not _is_here(url.hostname or ""):
                raise OperationalError(
                    "MAIL_NOT_ENCRYPTED",
                    "The mail server offers no TLS; lists of names are not sent openly.",
                    "Use smtps://, or let the server offer STARTTLS.",
                )
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        raise OperationalError(
            "MAIL_LOGIN_REFUSED",
            "The mail server does not accept the login.",
            "Check user and password in CAKUPAN_SMTP_URL.",
        ) from None
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        codes = _codes(error)
        if codes and min(codes) >= 500:
            raise MailRefused(
                "MAIL_REFUSED",
                f"The mail server refuses the message for good ({_listed(codes)}).",
                "Check the address; the message is sent again to another one.",
            ) from None
        raise OperationalError(
            "MAIL_DEFERRED",
            f"The mail server takes the message later ({_listed(codes)}).",
            "It is tried again by the next run.",
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise OperationalError(
            "MAIL_FAILED",
            f"The mail server did not take the message ({type(error).__name__}).",
            "Check CAKUPAN_SMTP_URL and the server; the next run tries again.",
        ) from None


def _connect(url: SplitResult) -> smtplib.SMTP:
    context = ssl.create_default_context()
    host = url.hostname or ""
    if url.scheme == "smtps":
        sealed = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=_PATIENCE, context=context
        )
        sealed.ehlo()
        return sealed
    server = smtplib.SMTP(host, url.port or 25, timeout=_PATIENCE)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _is_sealed(server: smtplib.SMTP) -> bool:
    return isinstance(server.sock, ssl.SSLSocket)


def _is_here(host: str) -> bool:
    """Whether the name is this very machine: the words never leave it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _codes(error: smtplib.SMTPException) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return sorted(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return [error.smtp_code]
    return []


def _listed(codes: list[int]) -> str:
    return ", ".join(map(str, sorted(set(codes))))
