"""What is around the file of a form is limited as well."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request
from starlette.types import Message

from cakupan.pages.receive import UploadTooLarge, receive

FIELD = b'--x\r\nContent-Disposition: form-data; name="area"\r\n\r\n64.02\r\n'
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="berkas"; filename="a.csv"\r\n\r\n'
    b"1\r\n--x--\r\n"
)


def posted(chunks: Iterator[bytes]) -> Request:
    """A form whose length is not told."""

    async def next_chunk() -> Message:
        body = next(chunks, b"")
        return {"type": "http.request", "body": body, "more_body": bool(body)}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    return Request({"type": "http", "headers": headers}, next_chunk)


@pytest.mark.parametrize(
    "body",
    [[FIELD * 20] * 100 + [FILE], [FILE] + [b"z" * 1_000] * 100],
    ids=["fields", "after"],
)
def test_a_form_without_end_is_refused(tmp_path: Path, body: list[bytes]) -> None:
    chunks = iter(body)
    with pytest.raises(UploadTooLarge, match="UPLOAD_TOO_LARGE"):
        asyncio.run(receive(posted(chunks), tmp_path / "berkas", 1_000))
    assert next(chunks, None) is not None


def test_a_small_form_is_taken(tmp_path: Path) -> None:
    form = asyncio.run(receive(posted(iter([FIELD, FILE])), tmp_path / "berkas", 1_000))
    assert (form.fields, form.file_name, form.size) == ({"area": "64.02"}, "a.csv", 1)
