"""The person pseudonym: HMAC-SHA256 of the NIK under a key of this deployment.

A plain hash would not do: all 16-digit NIKs of a province can be tried in minutes. The
key comes from ``CAKUPAN_PERSON_KEY`` (a secrets backend sets it) or is made once below
``$CAKUPAN_HOME/secrets``; it is never written to a database, a log or an SQL text.
Source of the method: RFC 2104 (HMAC), FIPS 180-4 (SHA-256).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from cakupan.core.engine import Session
from cakupan.core.errors import ConfigurationError
from cakupan.core.lake import run_sql
from cakupan.core.settings import Settings

logger = logging.getLogger(__name__)

MINIMUM_LENGTH = 32
_BLOCK_BYTES = 64


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The secret of the pseudonym.

    Attributes:
        key: the secret; never shown.
        key_id: first 12 hex digits of SHA-256 of a label and the key. Says which key
            made a pseudonym without helping to find the key.
    """

    key: bytes = field(repr=False)
    key_id: str

    @classmethod
    def of(cls, text: str) -> PersonKey:
        """The key written as ``text`` (UTF-8 bytes of the trimmed text).

        Raises:
            ConfigurationError: the text has fewer than 32 characters.
        """
        text = text.strip()
        if len(text) < MINIMUM_LENGTH:
            raise ConfigurationError(
                "PERSON_KEY_INVALID",
                f"The person key has fewer than {MINIMUM_LENGTH} characters.",
                "Set CAKUPAN_PERSON_KEY to a long random text, e.g. the output of "
                "`openssl rand -hex 32`, and keep it: another key makes other persons.",
            )
        key = text.encode()
        return cls(key, hashlib.sha256(b"cakupan person key:" + key).hexdigest()[:12])

    @property
    def pads(self) -> tuple[bytes, bytes]:
        """Inner and outer padded key of RFC 2104, 64 bytes each."""
        key = self.key
        if len(key) > _BLOCK_BYTES:
            key = hashlib.sha256(key).digest()
        key = key.ljust(_BLOCK_BYTES, b"\0")
        return bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)


def key_path(home: Path) -> Path:
    """Where a generated key is kept."""
    return home / "secrets" / "person_key"


def load_person_key(settings: Settings) -> PersonKey:
    """The key of this deployment; made and kept on first use when none is set.

    Two processes that start together end up with the same key. Nodes that share store
    and warehouse share no disk, so there none is made: each would make its own, and
    the same people would get other pseudonyms on every node.

    Raises:
        ConfigurationError: the key is too short, its file cannot be read or made, or
            there is none and other nodes could make another one.
    """
    if settings.person_key is not None:
        return PersonKey.of(settings.person_key)
    path = key_path(settings.home)
    try:
        if not path.exists():
            _refuse_own_key(settings)
            _generate(path)
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "PERSON_KEY_UNREADABLE",
            f"The person key file {path} cannot be used ({type(error).__name__}).",
            "Make it readable for this user, or set CAKUPAN_PERSON_KEY.",
        ) from None
    return PersonKey.of(text)


def _refuse_own_key(settings: Settings) -> None:
    if settings.warehouse_url and settings.object_store.startswith("s3://"):
        raise ConfigurationError(
            "PERSON_KEY_MISSING",
            "Store and warehouse can be used by several nodes, and no person key is set.",
            "Set the same CAKUPAN_PERSON_KEY on every node, e.g. the output of "
            "`openssl rand -hex 32`, and keep it: another key makes other persons.",
        )


def _generate(path: Path) -> None:
    """Write a new key whole or not at all; keep the one another process wrote."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".person_key-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(secrets.token_hex(32) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(name, path)  # fails when the name is taken: the first one wins
        except FileExistsError:
            return
    finally:
        Path(name).unlink(missing_ok=True)
    logger.warning(
        "A person key was generated in %s. Keep a copy in a safe place or set "
        "CAKUPAN_PERSON_KEY: without it the same people get other pseudonyms.",
        path,
    )


def person_id(key: PersonKey, identity: str) -> uuid.UUID:
    """First 128 bits of HMAC-SHA256(key, identity).

    Args:
        key: key of the deployment.
        identity: a NIK (16 digits), or a text with a prefix that no NIK has, such as
            ``kpj:12345678901``.
    """
    digest = hmac.new(key.key, identity.encode(), hashlib.sha256).digest()
    return uuid.UUID(bytes=digest[:16])


def register_pseudonym(connection: Session, key: PersonKey) -> None:
    """Make the macro ``pseudonym(identity)`` known to a DuckDB session.

    It gives what :func:`person_id` gives. The padded keys are bound parameters and live
    in a temporary table, so no SQL text holds them.
    """
    inner, outer = key.pads
    run_sql(
        connection,
        "04_reconcile",
        "person_key",
        "load.sql",
        parameters={"inner_pad": inner, "outer_pad": outer},
    )
