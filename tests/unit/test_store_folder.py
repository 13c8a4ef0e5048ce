"""The folder store: the contract of all stores, and what only folders can do wrong."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cakupan.core.errors import ConfigurationError, OperationalError
from cakupan.core.settings import Settings
from cakupan.core.store import ObjectMissing, open_store, prepare_store
from cakupan.core.store.folder import FolderStore
from store_contract import StoreContract


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "store")
    store.prepare()
    return store


class TestFolderStore(StoreContract):
    pass


def test_links_and_devices_are_no_objects(store: FolderStore, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia"
    secret.write_text("rahasia")
    (store.root / "landing").mkdir()
    (store.root / "landing/tautan.csv").symlink_to(secret)
    (store.root / "landing/map").symlink_to(tmp_path)
    os.mkfifo(store.root / "landing/pipa")
    store.put("landing/benar.csv", b"1")
    assert [stored.key for stored in store.list("landing/")] == ["landing/benar.csv"]
    for key in ("landing/tautan.csv", "landing/pipa"):
        with pytest.raises(ObjectMissing):
            store.read(key)


def test_bytes_exchanged_under_an_old_mtime_show(store: FolderStore) -> None:
    store.put("k", b"satu")
    before = store.stat("k")
    path = store.root / "k"
    path.write_bytes(b"dua!")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    assert store.stat("k").etag != before.etag


def test_a_failed_put_leaves_neither_object_nor_scratch(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device", "/rahasia/6402")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OperationalError, match="STORE_FAILED") as caught:
        store.put("landing/k", b"1")
    assert "rahasia" not in str(caught.value)
    monkeypatch.undo()
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_key_below_an_object_is_an_error_not_a_crash(store: FolderStore) -> None:
    store.put("a/b", b"1")
    with pytest.raises(OperationalError, match="STORE_FAILED"):
        store.put("a/b/c", b"2")
    with pytest.raises(OperationalError, match="STORE_FAILED"):
        store.put("a", b"2")
    assert store.read("a/b") == b"1"


def test_prepare_clears_what_killed_writers_left(store: FolderStore) -> None:
    store.put("k", b"1")
    old, new = store.root / ".put/lama", store.root / ".put/baru"
    old.write_bytes(b"1")
    new.write_bytes(b"1")
    os.utime(old, (0, 0))
    store.prepare()
    assert not old.exists()
    assert new.exists()


def test_only_the_owner_may_enter(store: FolderStore) -> None:
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_open_store_reads_the_address(tmp_path: Path) -> None:
    for address, root in (
        ("", tmp_path / "home/store"),
        (f"file://{tmp_path}/a%20b", tmp_path / "a b"),
        (f"file://localhost{tmp_path}/c", tmp_path / "c"),
    ):
        store = open_store(Settings(home=tmp_path / "home", object_store=address))
        assert isinstance(store, FolderStore)
        assert store.root == root
        assert not root.exists()


def test_prepare_store_creates_the_folder(tmp_path: Path) -> None:
    prepare_store(Settings(home=tmp_path / "home")).put("k", b"1")
    assert (tmp_path / "home/store/k").read_bytes() == b"1"


@pytest.mark.parametrize("address", ["ftp://a/b", "file://", "s3://", "s3:///x"])
def test_addresses_that_are_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigurationError, match="STORE_INVALID"):
        open_store(Settings(home=tmp_path, object_store=address))
