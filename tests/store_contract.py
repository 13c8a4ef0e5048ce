"""What every object store must do; run against a folder and against a real S3."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cakupan.core.errors import UsageError
from cakupan.core.store import ObjectMissing, ObjectStore

MOMENT = dt.datetime(2026, 10, 9, 15, 59, 59, 123456, tzinfo=dt.UTC)


class StoreContract:
    """Subclasses give the fixture ``store``: an empty, prepared store."""

    def test_what_was_put_is_read(self, store: ObjectStore, tmp_path: Path) -> None:
        source = tmp_path / "berkas"
        source.write_bytes(b"isi\x00\xff")
        assert store.put("a/b.csv", source)
        assert store.put("a/c.csv", b"")
        assert store.read("a/b.csv") == b"isi\x00\xff"
        assert store.read("a/c.csv") == b""
        with store.local("a/b.csv") as path:
            assert path.read_bytes() == b"isi\x00\xff"
        assert source.exists()

    def test_put_replaces_and_the_etag_tells(self, store: ObjectStore) -> None:
        store.put("k", b"satu", stored_at=MOMENT)
        first = store.stat("k")
        assert store.stat("k") == first
        store.put("k", b"dua!", stored_at=MOMENT)
        second = store.stat("k")
        assert store.read("k") == b"dua!"
        assert second.size_bytes == 4
        assert second.etag != first.etag
        assert [found.etag for found in store.list("k")] == [second.etag]

    def test_if_absent_never_replaces(self, store: ObjectStore, tmp_path: Path) -> None:
        source = tmp_path / "lain"
        source.write_bytes(b"lain")
        assert store.put("k", b"satu", if_absent=True)
        assert not store.put("k", b"dua", if_absent=True)
        assert not store.put("k", source, if_absent=True)
        assert store.read("k") == b"satu"

    def test_of_many_writers_at_once_one_wins(self, store: ObjectStore) -> None:
        values = [f"isi {number}".encode() for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            written = list(
                pool.map(lambda value: store.put("k", value, if_absent=True), values)
            )
        assert written.count(True) == 1
        assert store.read("k") == values[written.index(True)]

    def test_receipt_time_is_kept(self, store: ObjectStore, tmp_path: Path) -> None:
        source = tmp_path / "berkas"
        source.write_bytes(b"isi")
        zone = dt.timezone(dt.timedelta(hours=8))
        store.put("bytes", b"isi", stored_at=MOMENT.astimezone(zone))
        store.put("file", source, stored_at=MOMENT, if_absent=True)
        for key in ("bytes", "file"):
            stored = store.stat(key)
            assert stored.stored_at == MOMENT
            assert stored.stored_at.utcoffset() == dt.timedelta(0)

    def test_without_receipt_time_it_is_the_time_of_writing(
        self, store: ObjectStore
    ) -> None:
        store.put("k", b"isi")
        age = dt.datetime.now(dt.UTC) - store.stat("k").stored_at
        assert abs(age) < dt.timedelta(minutes=10)

    def test_a_receipt_time_needs_a_zone(self, store: ObjectStore) -> None:
        with pytest.raises(UsageError):
            store.put("k", b"isi", stored_at=MOMENT.replace(tzinfo=None))
        assert list(store.list("")) == []

    def test_listing_is_in_key_order_and_complete(self, store: ObjectStore) -> None:
        keys = [
            "B",
            "a-b",
            "a.b",
            "a/b",
            "a/c/d",
            "aa",
            "é x+y&%41#?.csv",
            "zz/1",
            "zz/2",
        ]
        for key in reversed(keys):
            store.put(key, key.encode())
        found = list(store.list(""))
        assert [stored.key for stored in found] == sorted(keys)
        assert [stored.size_bytes for stored in found] == [
            len(key.encode()) for key in sorted(keys)
        ]
        for key in keys:
            assert store.read(key) == key.encode()

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("a/", ["a/b", "a/c/d", "a/c/e"]),
            ("a/c", ["a/c/d", "a/c/e"]),
            ("a/c/", ["a/c/d", "a/c/e"]),
            ("a/c/d", ["a/c/d"]),
            ("a", ["a/b", "a/c/d", "a/c/e", "ab"]),
            ("x", []),
            ("a/b/c", []),
            ("x/y/z", []),
        ],
    )
    def test_listing_by_prefix(
        self, store: ObjectStore, prefix: str, expected: list[str]
    ) -> None:
        for key in ("a/b", "a/c/d", "a/c/e", "ab", "b/a/b"):
            store.put(key, b"1")
        assert [stored.key for stored in store.list(prefix)] == expected

    def test_a_listing_longer_than_a_page(self, store: ObjectStore) -> None:
        keys = [f"banyak/{number:04d}" for number in range(1_050)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda key: store.put(key, b"1"), keys))
        assert [stored.key for stored in store.list("banyak/")] == keys

    def test_what_is_missing(self, store: ObjectStore) -> None:
        store.put("ada/dalam", b"1")
        for key in ("tidak", "ada", "ada/dalam/lagi"):
            assert not store.exists(key)
            for ask in (store.stat, store.read):
                with pytest.raises(ObjectMissing):
                    ask(key)
            with pytest.raises(ObjectMissing), store.local(key):
                pass
            store.delete(key)
        assert store.exists("ada/dalam")

    def test_delete(self, store: ObjectStore) -> None:
        store.put("a/b", b"1")
        store.delete("a/b")
        store.delete("a/b")
        assert not store.exists("a/b")
        assert list(store.list("")) == []
        assert store.put("a/b", b"2", if_absent=True)

    @pytest.mark.parametrize(
        "key",
        ["", "/a", "a/", "a//b", "../a", "a/../b", "a/..", "./a", "a\x00b", "a\nb"],
    )
    def test_keys_that_could_mean_something_else(
        self, store: ObjectStore, key: str
    ) -> None:
        for use in (store.stat, store.exists, store.read, store.delete):
            with pytest.raises(UsageError, match="STORE_KEY_INVALID"):
                use(key)
        with pytest.raises(UsageError, match="STORE_KEY_INVALID"):
            store.put(key, b"1")
        assert list(store.list("")) == []

    def test_prepare_twice_changes_nothing(self, store: ObjectStore) -> None:
        store.put("k", b"1")
        store.prepare()
        assert store.read("k") == b"1"
