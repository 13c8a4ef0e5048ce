"""The key of the pseudonym and the pseudonym itself."""

from __future__ import annotations

import hashlib
import hmac
import logging
import random
import stat
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from cakupan.core.errors import ConfigurationError
from cakupan.core.lake import session
from cakupan.core.privacy import (
    PersonKey,
    key_path,
    load_person_key,
    person_id,
    register_pseudonym,
)
from cakupan.core.settings import Settings

LONG = "k" * 32


def test_a_pseudonym_is_the_first_half_of_the_hmac() -> None:
    # RFC 4231, test case 6 has a key longer than a block
    key = PersonKey.of("A" * 131)
    text = "Test Using Larger Than Block-Size Key - Hash Key First"
    expected = hmac.new(b"A" * 131, text.encode(), hashlib.sha256).digest()[:16]
    assert person_id(key, text) == uuid.UUID(bytes=expected)


@pytest.mark.parametrize("length", [32, 63, 64, 65, 200])
def test_sql_and_python_agree(tmp_path: Path, length: int) -> None:
    drawn = random.Random(length)
    key = PersonKey.of("".join(drawn.choices("abcXYZ019é'\\$", k=length)))
    texts = [f"{drawn.randrange(10**16):016d}" for _ in range(500)]
    texts += ["", "kpj:26000000011", "membership:26000000011|BPU|csr", "é" * 100]
    with session(Settings(home=tmp_path)) as connection:
        register_pseudonym(connection, key)
        for text in (texts[0], *texts[-4:]):
            found = connection.execute("select pseudonym($1)", [text]).fetchone()
            assert found == (person_id(key, text),)
        rows = connection.execute(
            "select identity, pseudonym(identity) from unnest($1) as t(identity)",
            [texts],
        ).fetchall()
    assert rows == [(text, person_id(key, text)) for text in texts]


def test_no_identity_has_no_pseudonym(tmp_path: Path) -> None:
    with session(Settings(home=tmp_path)) as connection:
        register_pseudonym(connection, PersonKey.of(LONG))
        assert connection.execute("select pseudonym(null)").fetchone() == (None,)


def test_the_key_is_in_no_sql_text_and_no_repr(tmp_path: Path) -> None:
    key = PersonKey.of("a secret of at least thirty-two characters")
    assert "secret" not in repr(key)
    with session(Settings(home=tmp_path)) as connection:
        register_pseudonym(connection, key)
        query = (
            "select macro_definition from duckdb_functions() where function_name = $1"
        )
        [(text,)] = connection.execute(query, ["pseudonym"]).fetchall()
        assert "secret" not in text
        plan = connection.execute("explain select pseudonym('x')").fetchall()
    assert "secret" not in repr(plan)
    assert key.pads[0].hex() not in repr(plan)


@pytest.mark.parametrize("text", ["", "short", " " * 40, "k" * 31, f"  {'k' * 31}  "])
def test_a_short_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_person_key(Settings(home=tmp_path, person_key=text))
    assert caught.value.code == "PERSON_KEY_INVALID"
    assert "kkk" not in str(caught.value)


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    key = load_person_key(Settings(home=tmp_path, person_key=f" {LONG}\n"))
    assert key == PersonKey.of(LONG)
    assert list(tmp_path.iterdir()) == []


def test_key_id_tells_keys_apart_and_is_no_hash_of_the_key() -> None:
    one, other = PersonKey.of(LONG), PersonKey.of(LONG + "x")
    assert one.key_id != other.key_id
    assert len(one.key_id) == 12
    assert not hashlib.sha256(one.key).hexdigest().startswith(one.key_id)


def test_a_key_is_made_once_kept_and_private(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=tmp_path / "home")
    with caplog.at_level(logging.WARNING):
        first = load_person_key(settings)
        second = load_person_key(settings)
    path = key_path(settings.home)
    assert first == second
    assert len(first.key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["person_key"]
    assert len(caplog.records) == 1
    assert first.key.decode() not in caplog.text


_PRINT_KEY_ID = """
import sys
from dataclasses import replace
from pathlib import Path
from cakupan.core.privacy import load_person_key
from cakupan.core.settings import Settings
print(load_person_key(Settings(home=Path(sys.argv[1]))).key_id)
"""


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PRINT_KEY_ID, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    found = {process.communicate(timeout=120)[0] for process in started}
    assert found == {load_person_key(Settings(home=tmp_path)).key_id + "\n"}
    assert [entry.name for entry in (tmp_path / "secrets").iterdir()] == ["person_key"]


def test_a_spoiled_key_file_is_a_configuration_error(tmp_path: Path) -> None:
    path = key_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"")
    with pytest.raises(ConfigurationError, match="PERSON_KEY_INVALID"):
        load_person_key(Settings(home=tmp_path))
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(ConfigurationError, match="PERSON_KEY_UNREADABLE"):
        load_person_key(Settings(home=tmp_path))
    path.unlink()
    path.mkdir()
    with pytest.raises(ConfigurationError, match="PERSON_KEY_UNREADABLE"):
        load_person_key(Settings(home=tmp_path))


def test_no_place_for_the_key_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file, not a folder")
    with pytest.raises(ConfigurationError, match="PERSON_KEY_UNREADABLE"):
        load_person_key(Settings(home=tmp_path))


def test_nodes_without_a_common_disk_do_not_each_make_a_key(tmp_path: Path) -> None:
    alone = Settings(home=tmp_path, object_store="s3://bucket/prefix")
    nodes = replace(alone, warehouse_url="postgresql+psycopg://etl@host/cakupan")
    with pytest.raises(ConfigurationError, match="PERSON_KEY_MISSING"):
        load_person_key(nodes)
    assert not (tmp_path / "secrets").exists()
    kept = load_person_key(alone)  # a warehouse of its own: there is one node only
    assert load_person_key(nodes) == kept
    assert load_person_key(replace(nodes, person_key=LONG)).key_id != kept.key_id
