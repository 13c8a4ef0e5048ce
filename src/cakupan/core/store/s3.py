"""The object store as an S3 bucket: AWS, MinIO, SeaweedFS, Ceph and the like.

Endpoint, region and credentials come by the usual variables of boto3
(``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, …). The only
module that knows boto3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3.session
from botocore.client import Config
from botocore.exceptions import ClientError

from cakupan.core.scratch import scratch_folder
from cakupan.core.store.base import ObjectMissing, StoredObject, checked_key, utc
from cakupan.core.store.s3_errors import bucket_missing, store_errors

STORED_AT = "stored-at"
PART_BYTES = 32 << 20
_SMALL_BYTES = 1 << 20

_TAKEN = {"PreconditionFailed", "412"}
_RACED = {"ConditionalRequestConflict", "409"}


class S3Store:
    """Objects below ``s3://bucket/prefix``. See :class:`ObjectStore` for the methods.

    Args:
        bucket: its name.
        prefix: put before every key, without slashes around; may be empty.
        work_dir: folder for local copies.
        part_bytes: longer objects are sent in parts of this size (at least 5 MiB).
    """

    def __init__(
        self, bucket: str, prefix: str, work_dir: Path, *, part_bytes: int = PART_BYTES
    ) -> None:
        self.bucket = bucket
        self.prefix = f"{checked_key(prefix)}/" if prefix else ""
        self._work_dir = work_dir
        self._part_bytes = part_bytes
        self._is_bucket_seen = False
        with store_errors(bucket):
            self._client: Any = boto3.session.Session().client(
                "s3",
                config=Config(
                    connect_timeout=10,
                    read_timeout=60,
                    retries={"mode": "standard", "total_max_attempts": 4},
                    max_pool_connections=16,
                ),
            )

    def __repr__(self) -> str:
        return f"S3Store('s3://{self.bucket}/{self.prefix}')"

    def prepare(self) -> None:
        """Create the bucket when it is missing."""
        region = self._client.meta.region_name
        place = (
            {"CreateBucketConfiguration": {"LocationConstraint": region}}
            if region not in {None, "us-east-1", "aws-global"}
            else {}
        )
        with store_errors(self.bucket):
            if self._has_bucket():
                return
            try:
                self._client.create_bucket(Bucket=self.bucket, **place)
            except ClientError as error:
                if _code(error) not in {"BucketAlreadyOwnedByYou", "409"}:
                    raise

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Objects whose key starts with ``prefix``, in key order.

        ``stored_at`` is when the server wrote the object. Servers differ in the order
        they list in, so the listing is read whole and sorted.
        """
        found: list[StoredObject] = []
        with store_errors(self.bucket):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + prefix
            )
            for page in pages:
                found.extend(self._listed(entry) for entry in page.get("Contents", ()))
        found.sort(key=lambda stored: stored.key)
        yield from (stored for stored in found if not stored.key.endswith("/"))

    def _listed(self, entry: dict[str, Any]) -> StoredObject:
        return StoredObject(
            key=entry["Key"].removeprefix(self.prefix),
            size_bytes=entry["Size"],
            etag=entry["ETag"].strip('"'),
            stored_at=utc(entry["LastModified"]),
        )

    def exists(self, key: str) -> bool:
        """Whether the object is there."""
        try:
            self.stat(key)
        except ObjectMissing:
            return False
        return True

    def stat(self, key: str) -> StoredObject:
        """Size, etag and receipt time of one object."""
        name = self._name(key)
        with self._object_errors():
            found = self._client.head_object(Bucket=self.bucket, Key=name)
        return StoredObject(
            key=key,
            size_bytes=found["ContentLength"],
            etag=found["ETag"].strip('"'),
            stored_at=_receipt(found),
        )

    def put(
        self,
        key: str,
        source: Path | bytes,
        *,
        stored_at: dt.datetime | None = None,
        if_absent: bool = False,
    ) -> bool:
        """Store bytes, whole or not at all; returns whether they were written."""
        metadata = {} if stored_at is None else {STORED_AT: utc(stored_at).isoformat()}
        target = {"Bucket": self.bucket, "Key": self._name(key)}
        guard = {"IfNoneMatch": "*"} if if_absent else {}
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if if_absent and size > _SMALL_BYTES and self.exists(key):
            return False  # spares the upload; the guard decides when two are at it
        with store_errors(self.bucket):
            try:
                if isinstance(source, bytes):
                    self._client.put_object(
                        **target, Body=source, Metadata=metadata, **guard
                    )
                elif size <= self._part_bytes:
                    with source.open("rb") as body:
                        self._client.put_object(
                            **target, Body=body, Metadata=metadata, **guard
                        )
                else:
                    self._put_parts(target, source, metadata, guard)
            except ClientError as error:
                if if_absent and _code(error) in _TAKEN | _RACED:
                    return False
                raise
        return True

    def _put_parts(
        self,
        target: dict[str, str],
        source: Path,
        metadata: dict[str, str],
        guard: dict[str, str],
    ) -> None:
        upload = self._client.create_multipart_upload(**target, Metadata=metadata)
        ticket = {**target, "UploadId": upload["UploadId"]}
        parts: list[dict[str, Any]] = []
        try:
            with source.open("rb") as stream:
                while chunk := stream.read(self._part_bytes):
                    number = len(parts) + 1
                    sent = self._client.upload_part(
                        **ticket, PartNumber=number, Body=chunk
                    )
                    # a server that gave a checksum wants it back when completing
                    sums = {
                        name: sent[name] for name in ("ChecksumCRC32",) if name in sent
                    }
                    parts.append({"PartNumber": number, "ETag": sent["ETag"], **sums})
            self._client.complete_multipart_upload(
                **ticket, MultipartUpload={"Parts": parts}, **guard
            )
        except BaseException:
            self._client.abort_multipart_upload(**ticket)
            raise

    def read(self, key: str) -> bytes:
        """The bytes of a small object."""
        with self._object_errors():
            found = self._client.get_object(Bucket=self.bucket, Key=self._name(key))
            data: bytes = found["Body"].read()
        return data

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A copy in the work folder, removed on leaving."""
        name = self._name(key)
        with scratch_folder(self._work_dir, "s3") as folder:
            path = folder / "object"
            with self._object_errors(), path.open("wb") as stream:
                found = self._client.get_object(Bucket=self.bucket, Key=name)
                for block in found["Body"].iter_chunks(1 << 20):
                    stream.write(block)
            yield path

    def delete(self, key: str) -> None:
        """Remove one object; nothing happens when it is not there."""
        with store_errors(self.bucket):
            self._client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def _name(self, key: str) -> str:
        return self.prefix + checked_key(key)

    def _has_bucket(self) -> bool:
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if _code(error) in {"404", "NoSuchBucket"}:
                return False
            raise
        return True

    @contextmanager
    def _object_errors(self) -> Iterator[None]:
        """As :func:`store_errors`, and tell a missing object from a missing bucket."""
        with store_errors(self.bucket):
            try:
                yield
            except ClientError as error:
                if _code(error) not in {"404", "NoSuchKey", "NotFound"}:
                    raise
                # the answer to a HEAD has no body, so it does not say which is missing
                self._is_bucket_seen = self._is_bucket_seen or self._has_bucket()
                if not self._is_bucket_seen:
                    raise bucket_missing(self.bucket) from None
                raise ObjectMissing(
                    "STORE_OBJECT_MISSING", "There is no such object in the store."
                ) from None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _receipt(found: dict[str, Any]) -> dt.datetime:
    stated = found.get("Metadata", {}).get(STORED_AT, "")
    try:
        return utc(dt.datetime.fromisoformat(stated))
    except (ValueError, LookupError):
        return utc(found["LastModified"])
