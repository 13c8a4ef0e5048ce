"""Turn any text file into UTF-8 with ordinary line ends, within the size limits."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cakupan.staging.limits import Limits
from cakupan.staging.refusal import FileRefused

_CHUNK = 4 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text file ready to be split.

    Attributes:
        path: UTF-8 file without NUL bytes and lone carriage returns; a byte order mark
            may stand at its start.
        encoding: what the file was in.
        is_assumed: whether the encoding was a guess (cp1252).
        has_quotes: whether it holds a double or single quote at all.
    """

    path: Path
    encoding: str
    is_assumed: bool
    has_quotes: bool


def gunzip(source: Path, target: Path, limits: Limits) -> Path:
    """Decompress a gzip file, stopping at the limits.

    Raises:
        FileRefused: it is a bomb, or broken.
    """
    size, packed = 0, max(1, source.stat().st_size)
    try:
        with gzip.open(source, "rb") as reader, target.open("wb") as writer:
            while chunk := reader.read(_CHUNK):
                size += len(chunk)
                too_dense = size > limits.ratio_from and size > packed * limits.ratio
                if size > limits.text_bytes or too_dense:
                    raise FileRefused("FILE_BOMB", f"{size >> 20} MB")
                writer.write(chunk)
    except (EOFError, OSError, zlib.error) as error:
        raise FileRefused("FILE_UNREADABLE", "gzip rusak atau terpotong") from error
    return target


def plain_text(source: Path, scratch: Path) -> PlainText:
    """Find the encoding and rewrite the file when it is not plain UTF-8.

    UTF-8 is proven, UTF-16 is told by its byte order mark or its zero bytes, and what
    is neither is read as Windows-1252, the encoding of Excel's CSV here.
    """
    encoding = _encoding(source)
    facts = _Facts()
    if encoding in {"utf-8", "utf-8-sig"}:
        for chunk in _chunks(source):
            facts.see(chunk)
        if not facts.has_nul and not facts.has_lone_cr:
            return PlainText(source, encoding, False, facts.has_quotes)
    target = scratch / "plain.txt"
    facts = _Facts()
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    was_cr = False
    with target.open("wb") as writer:
        for chunk in _chunks(source):
            text = decoder.decode(chunk).replace("\0", "")
            text, was_cr = _line_ends(text, was_cr)
            data = text.encode("utf-8", "replace")
            facts.see(data)
            writer.write(data)
        text, _ = _line_ends(decoder.decode(b"", final=True).replace("\0", ""), was_cr)
        writer.write(text.encode("utf-8", "replace"))
    return PlainText(target, encoding, encoding == "cp1252", facts.has_quotes)


def _line_ends(text: str, was_cr: bool) -> tuple[str, bool]:
    if was_cr and text.startswith("\n"):
        text = text[1:]
    return text.replace("\r\n", "\n").replace("\r", "\n"), text.endswith("\r")


class _Facts:
    """What bytes a file holds."""

    def __init__(self) -> None:
        self.has_nul = self.has_lone_cr = self.has_quotes = False
        self._ends_cr = False

    def see(self, chunk: bytes) -> None:
        self.has_nul = self.has_nul or b"\0" in chunk
        self.has_quotes = self.has_quotes or b'"' in chunk or b"'" in chunk
        if not self.has_lone_cr:
            returns = chunk.count(b"\r")
            if self._ends_cr and not chunk.startswith(b"\n"):
                self.has_lone_cr = True
            pairs = chunk.count(b"\r\n") + chunk.endswith(b"\r")
            self.has_lone_cr = self.has_lone_cr or returns != pairs
        self._ends_cr = chunk.endswith(b"\r")


def _chunks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as reader:
        while chunk := reader.read(_CHUNK):
            yield chunk


def _encoding(source: Path) -> str:
    with source.open("rb") as reader:
        start = reader.read(4096)
        for mark, name in _BOMS:
            if start.startswith(mark):
                if name == "utf-8-sig" and not _is_utf8(reader):
                    return "cp1252"
                return name
        zeros_even, zeros_odd = start[::2].count(0), start[1::2].count(0)
        half = len(start) // 2
        if half >= 8 and zeros_odd > half * 0.4 and zeros_even < half * 0.05:
            return "utf-16-le"
        if half >= 8 and zeros_even > half * 0.4 and zeros_odd < half * 0.05:
            return "utf-16-be"
        return "utf-8" if _is_utf8(reader) else "cp1252"


def _is_utf8(reader: BinaryIO) -> bool:
    reader.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := reader.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
