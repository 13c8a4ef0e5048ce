"""What a file really is, by its content; the extension says nothing."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from cakupan.staging.limits import Limits
from cakupan.staging.refusal import FileRefused

_CHUNK = 1 << 20
_FOREIGN = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x89PNG", "gambar"),
    (b"\xff\xd8\xff", "gambar"),
    (b"GIF8", "gambar"),
    (b"SQLite format 3", "sqlite"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"^\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|div)\b",
    re.I | re.S,
)
_XML = re.compile(rb"^\s*<\?xml|^\s*<(\w+:)?workbook\b", re.I)
_DECLARATION = re.compile(rb"<!(ENTITY|DOCTYPE)")
_MIME = re.compile(rb"^(MIME-Version|Content-Type):", re.I)


def detect(source: Path, limits: Limits) -> str:
    """``csv`` (any delimited text), ``gzip``, ``xlsx``, ``xls``, ``ods``, ``parquet``.

    Raises:
        FileRefused: empty, encrypted, with macros, a bomb, or a format we do not take.
    """
    with source.open("rb") as reader:
        start = reader.read(8192)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        if source.stat().st_size <= len(start):
            raise FileRefused("FILE_EMPTY")
        raise FileRefused("FILE_UNREADABLE", "awal berkas kosong")
    if start.startswith(b"PK"):
        return _zip(source, limits)
    if start.startswith(_OLE):
        return _ole(source)
    for mark, name in ((b"PAR1", "parquet"), (b"\x1f\x8b", "gzip")):
        if start.startswith(mark):
            return name
    foreign = _foreign(start)
    if foreign:
        raise FileRefused("FORMAT_NOT_ALLOWED", foreign)
    if _is_binary(start):
        raise FileRefused("FILE_UNREADABLE", "bukan teks dan bukan buku kerja")
    return "csv"


def _foreign(start: bytes) -> str | None:
    """Name of a format people send but we do not take."""
    if _HTML.match(start) or _MIME.match(start):
        return "html"
    if _XML.match(start):
        return "xml"
    return next((name for mark, name in _FOREIGN if start.startswith(mark)), None)


def _is_binary(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    odd = sum(1 for byte in start if byte < 32 and byte not in b"\t\r\n\f\v\0\x1a")
    return odd > max(8, len(start) // 20)


def _zip(source: Path, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            kind = _zip_kind(archive, names)
            if any(member.flag_bits & 1 for member in members):
                raise FileRefused("FILE_ENCRYPTED")
            if any(name.lower().endswith("vbaproject.bin") for name in names) or any(
                name.startswith(("Basic/", "Scripts/")) for name in names
            ):
                raise FileRefused("FILE_HAS_MACRO")
            _unpack(archive, members, limits)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError,
        ValueError, RuntimeError, KeyError, UnicodeDecodeError,
    ) as error:  # fmt: skip
        raise FileRefused("FILE_UNREADABLE", "zip rusak atau terpotong") from error
    return kind


def _zip_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names or (
        "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)
    ):
        if "xl/workbook.bin" in names:
            raise FileRefused("FORMAT_NOT_ALLOWED", "xlsb")
        with archive.open("[Content_Types].xml") as reader:
            if b"macroEnabled" in reader.read(_CHUNK):
                raise FileRefused("FILE_HAS_MACRO")
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as reader:
            kind = reader.read(200)
        if b"opendocument.spreadsheet" not in kind:
            raise FileRefused("FORMAT_NOT_ALLOWED", "opendocument")
        if "META-INF/manifest.xml" in names:
            with archive.open("META-INF/manifest.xml") as reader:
                if b"encryption-data" in reader.read(_CHUNK):
                    raise FileRefused("FILE_ENCRYPTED")
        return "ods"
    raise FileRefused("FORMAT_NOT_ALLOWED", "zip")


def _unpack(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits
) -> None:
    """Decompress every member once, counting: declared sizes may lie."""
    if sum(member.file_size for member in members) > limits.workbook_bytes:
        raise FileRefused("FILE_BOMB", "ukuran terurai melewati batas")
    total = 0
    for member in members:
        size = 0
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        tail = b""
        with archive.open(member) as reader:
            while chunk := reader.read(_CHUNK):
                size += len(chunk)
                packed = max(1, member.compress_size)
                too_dense = size > limits.ratio_from and size > packed * limits.ratio
                if total + size > limits.workbook_bytes or too_dense:
                    raise FileRefused("FILE_BOMB", f"{(total + size) >> 20} MB")
                if is_xml and _DECLARATION.search(tail + chunk):
                    raise FileRefused("FILE_BOMB", "entitas XML")
                tail = chunk[-16:]
        total += size


def _ole(source: Path) -> str:
    import olefile  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        with olefile.OleFileIO(str(source)) as ole:
            streams = {"/".join(path) for path in ole.listdir()}
            if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
                raise FileRefused("FILE_ENCRYPTED")
            if any("_VBA_PROJECT" in name for name in streams):
                raise FileRefused("FILE_HAS_MACRO")
            if not streams & {"Workbook", "Book"}:
                raise FileRefused("FORMAT_NOT_ALLOWED", "ole")
        if _is_locked(source):
            raise FileRefused("FILE_ENCRYPTED")
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused("FILE_UNREADABLE", "buku kerja lama rusak") from error
    return "xls"


def _is_locked(source: Path) -> bool:
    import msoffcrypto  # noqa: PLC0415

    with source.open("rb") as reader:
        return bool(msoffcrypto.OfficeFile(reader).is_encrypted())
