"""An uploaded form, written to disk as it comes and ended as soon as it is too large."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from cakupan.core.errors import SubmissionRefused

#: Part of the form that holds the file.
FILE = "berkas"

#: What the other parts may be, in bytes and number.
_FIELD_BYTES, _FIELDS = 200, 8

#: What the form adds to the bytes of its file, at most.
_ENVELOPE = 10_000


class UploadTooLarge(SubmissionRefused):
    """The file is larger than this deployment takes here."""


@dataclass(slots=True)
class Form:
    """What was sent.

    Attributes:
        fields: texts by name.
        file_name: as the browser gave it, folders left out; ``""`` without a file.
        size: bytes of the file.
    """

    fields: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    size: int = 0


async def receive(request: Request, target: Path, limit: int) -> Form:
    """Write the file of a form to ``target``.

    Args:
        request: multipart form.
        target: file to write; it holds a part of the file when an error is raised.
        limit: bytes the file may have.

    Raises:
        UploadTooLarge: ``UPLOAD_TOO_LARGE``; nothing more is read.
        SubmissionRefused: ``UPLOAD_BROKEN`` or ``FILE_MISSING``.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise _broken()
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > limit + _ENVELOPE:
        raise _too_large(limit)
    with target.open("xb") as out:
        parts = _Parts(out, limit)
        try:
            parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
            taken = 0
            async for chunk in request.stream():
                # what is around the file has an end too
                taken += len(chunk)
                if taken > limit + _ENVELOPE:
                    raise _too_large(limit)
                parser.write(chunk)
            parser.finalize()
        except FormParserError:
            raise _broken() from None
    if not parts.is_whole:
        raise _broken()
    if not parts.form.file_name:
        raise SubmissionRefused(
            "FILE_MISSING", "Tidak ada berkas yang dipilih.", "Pilih satu berkas."
        )
    return parts.form


async def fields(request: Request) -> dict[str, str]:
    """The texts of a small form without a file.

    Raises:
        SubmissionRefused: ``UPLOAD_BROKEN``: it is none, or too long.
    """
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > _FIELDS * _FIELD_BYTES:
            raise _broken()
    try:
        told = parse_qsl(data.decode("ascii"), max_num_fields=_FIELDS)
    except ValueError:
        raise _broken() from None
    return dict(told)


class _Parts:
    """What the parser tells, one part after the other."""

    def __init__(self, out: BinaryIO, limit: int) -> None:
        self.form, self._out, self._limit = Form(), out, limit
        self._header, self._value, self._disposition = b"", b"", b""
        self._name, self._text, self._is_file = "", b"", False
        self._has_file = self.is_whole = False

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_header,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_data,
            "on_part_end": self._end,
            "on_end": self._end_all,
        }

    def _begin(self) -> None:
        self._header = self._value = self._disposition = self._text = b""
        self._is_file = False

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = _text(options.get(b"name", b""))
        self._is_file = self._name == FILE
        if self._is_file:
            if self._has_file:
                raise _broken()
            self._has_file = True
            self.form.file_name = _bare(_text(options.get(b"filename", b"")))
        elif len(self.form.fields) >= _FIELDS:
            raise _broken()

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._text += data[start:end]
            if len(self._text) > _FIELD_BYTES:
                raise _broken()
            return
        self.form.size += end - start
        if self.form.size > self._limit:
            raise _too_large(self._limit)
        self._out.write(data[start:end])

    def _end(self) -> None:
        if not self._is_file:
            self.form.fields[self._name] = _text(self._text).strip()

    def _end_all(self) -> None:
        self.is_whole = True


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _bare(name: str) -> str:
    """A file name without folders and characters no name needs."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in last if one.isprintable()).strip()[:150]


def _broken() -> SubmissionRefused:
    return SubmissionRefused(
        "UPLOAD_BROKEN",
        "Unggahan tidak utuh atau bukan dari formulir ini.",
        "Muat ulang halaman lalu unggah lagi.",
    )


def _too_large(limit: int) -> UploadTooLarge:
    return UploadTooLarge(
        "UPLOAD_TOO_LARGE",
        f"Berkas lebih dari {limit // 1_000_000} MB.",
        "Kirim sebagai CSV terkompresi (.csv.gz), atau minta pengelola mengirimkannya.",
    )
