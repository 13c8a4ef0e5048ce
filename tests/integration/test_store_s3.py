"""The S3 store on a real server: the contract, and what only S3 can do wrong."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from cakupan.core.errors import CakupanError, ConfigurationError, OperationalError
from cakupan.core.settings import Settings
from cakupan.core.store import ObjectMissing, open_store
from cakupan.core.store.s3 import S3Store
from integration.services import S3Server, free_ports
from store_contract import MOMENT, StoreContract

_BUCKETS = itertools.count(1)


@pytest.fixture
def bucket() -> str:
    return f"uji-{next(_BUCKETS)}"


@pytest.fixture
def store(
    s3_server: S3Server, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> S3Store:
    for name, value in s3_server.environ.items():
        monkeypatch.setenv(name, value)
    settings = Settings(home=tmp_path, object_store=f"s3://{bucket}/awalan/dua/")
    store = open_store(settings)
    store.prepare()
    assert isinstance(store, S3Store)
    return store


class TestS3Store(StoreContract):
    pass


def test_the_prefix_of_the_store_is_no_part_of_keys(
    store: S3Store, bucket: str, tmp_path: Path
) -> None:
    store.put("landing/k", b"1")
    whole = S3Store(bucket, "", tmp_path)
    assert [found.key for found in whole.list("")] == ["awalan/dua/landing/k"]
    whole.put("awalan/duasatu", b"2")
    assert [found.key for found in store.list("")] == ["landing/k"]


def test_big_objects_go_in_parts(store: S3Store, bucket: str, tmp_path: Path) -> None:
    parts = S3Store(bucket, "", tmp_path / "work", part_bytes=5 << 20)
    source = tmp_path / "besar"
    source.write_bytes(bytes(range(256)) * (44 << 10))  # 11 MiB, three parts
    assert parts.put("besar", source, stored_at=MOMENT, if_absent=True)
    found = parts.stat("besar")
    assert found.size_bytes == 11 << 20
    assert found.stored_at == MOMENT
    with parts.local("besar") as copy:
        assert copy.read_bytes() == source.read_bytes()
    assert list((tmp_path / "work").iterdir()) == []
    source.write_bytes(b"x" * (6 << 20))
    assert not parts.put("besar", source, if_absent=True)
    assert parts.stat("besar") == found


def test_parts_are_guarded_at_the_last_moment(
    store: S3Store, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = S3Store(bucket, "", tmp_path / "work", part_bytes=5 << 20)
    source = tmp_path / "besar"
    source.write_bytes(b"x" * (6 << 20))
    parts.put("besar", b"lebih dulu")
    monkeypatch.setattr(S3Store, "exists", lambda *_: False)
    assert not parts.put("besar", source, if_absent=True)
    assert parts.read("besar") == b"lebih dulu"
    uploads = parts._client.list_multipart_uploads(Bucket=bucket)
    assert not uploads.get("Uploads")


def test_folder_markers_are_no_objects(store: S3Store, bucket: str) -> None:
    store._client.put_object(Bucket=bucket, Key="awalan/dua/landing/", Body=b"")
    store.put("landing/k", b"1")
    assert [found.key for found in store.list("")] == ["landing/k"]


def test_metadata_of_others_does_not_confuse(store: S3Store, bucket: str) -> None:
    store._client.put_object(
        Bucket=bucket, Key="awalan/dua/k", Body=b"1", Metadata={"stored-at": "kemarin"}
    )
    assert store.stat("k").stored_at.year >= 2026


def _code_of(store: S3Store) -> set[str]:
    codes = set()
    for use in (
        lambda: store.stat("k"),
        lambda: store.exists("k"),
        lambda: store.read("k"),
        lambda: store.put("k", b"1"),
        lambda: list(store.list("")),
    ):
        with pytest.raises(CakupanError) as caught:
            use()
        assert caught.value.hint
        assert not isinstance(caught.value, ObjectMissing)
        codes.add(caught.value.code)
    return codes


def test_a_missing_bucket_is_told_from_a_missing_object(
    store: S3Store, tmp_path: Path
) -> None:
    assert _code_of(S3Store("tidak-ada", "", tmp_path)) == {"STORE_BUCKET_MISSING"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_SECRET_ACCESS_KEY", "salah"), ("AWS_ACCESS_KEY_ID", "siapa")],
)
def test_wrong_credentials(
    store: S3Store,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert _code_of(_fresh(bucket, tmp_path)) == {"STORE_DENIED"}


def test_a_key_that_may_only_read(
    store: S3Store,
    s3_server: S3Server,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.put("k", b"1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_server.reader_key)
    reader = _fresh(bucket, tmp_path, "awalan/dua")
    assert reader.read("k") == b"1"
    with pytest.raises(OperationalError, match="STORE_DENIED"):
        reader.put("k", b"2")


def test_no_credentials(
    store: S3Store, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert _code_of(_fresh(bucket, tmp_path)) == {"STORE_DENIED"}


def test_a_server_that_is_away(
    store: S3Store, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_ports(1)[0]}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(OperationalError, match="STORE_UNREACHABLE"):
        _fresh(bucket, tmp_path).stat("k")


def test_an_endpoint_that_is_none(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "bukan alamat")
    with pytest.raises(ConfigurationError, match="STORE_INVALID"):
        _fresh(bucket, tmp_path)


def _fresh(bucket: str, work_dir: Path, prefix: str = "") -> S3Store:
    """A store that reads the environment anew (boto3 keeps a default session)."""
    return S3Store(bucket, prefix, work_dir)
