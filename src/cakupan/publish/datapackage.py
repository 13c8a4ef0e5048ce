"""``datapackage.json``: the release described for programs (Frictionless Data Package).

Source: https://datapackage.org/standard/data-package/ (version 2). Nothing in it says
when it was written.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish import wording
from cakupan.publish.content import ReleaseContent, columns_of

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_ODBL = {
    "name": "ODbL-1.0",
    "title": "Open Data Commons Open Database License 1.0",
    "path": "https://opendatacommons.org/licenses/odbl/1-0/",
}
_INTERNAL = {
    "name": "other-closed",
    "title": "Edisi internal pemerintah provinsi; bukan untuk umum",
    "path": "https://opendefinition.org/licenses/",
}
_AREA_SOURCE = {
    "title": wording.AREA_RIGHTS,
    "path": "https://www.npmjs.com/package/idn-area-data",
}

_TYPES: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.Integer, "integer"),
    (sa.Numeric, "number"),
)

_ENUMS = {
    "area_level": ["province", "regency", "district", "village"],
    "segment": ["PU", "BPU", "JAKON", "PMI", "ALL"],
    "programme": ["ANY", "JKK", "JKM", "JHT", "JP", "JKP"],
    "state": ["on_time", "late", "missing", "nil"],
    "village_kind": ["desa", "kelurahan", "desa_adat"],
}


def datapackage_bytes(content: ReleaseContent, files: dict[str, bytes]) -> bytes:
    """The descriptor of the release files.

    Args:
        content: the release.
        files: its CSV files by name, for their size and fingerprint.
    """
    described = {
        "$schema": PROFILE,
        "name": f"cakupan-{content.province}-{content.month}",
        "id": content.release_id,
        "title": wording.title(content),
        "description": " ".join(
            [wording.status(content), wording.PRIVACY, *wording.RULES, wording.FILES]
        ),
        "version": content.sha256,
        "status": content.status,
        "expected_report_count": content.expected_count,
        "present_report_count": content.present_count,
        "completeness_pct": str(content.completeness_pct),
        "missing_reports": wording.missing_reports(content),
        "licenses": [_INTERNAL, _ODBL],
        "sources": [_AREA_SOURCE],
        "keywords": ["BPJS Ketenagakerjaan", "jaminan sosial", "cakupan", "provinsi"],
        "resources": [_resource(name, files[f"{name}.csv"]) for name in content.tables],
    }
    text = json.dumps(described, ensure_ascii=False, indent=2)
    return (text + "\n").encode()


def _resource(name: str, data: bytes) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": wording.TITLES[name],
        "description": _description(name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"'},
        "schema": _schema(name),
    }
    if name == "areas":
        resource |= {"licenses": [_ODBL], "sources": [_AREA_SOURCE]}
    return resource


def _description(name: str) -> str:
    if name == "areas":
        return f"Wilayah provinsi ini. {wording.AREA_RIGHTS}"
    return (
        f"{PUBLISHED[name].comment}. Teks yang diawali = + - @ diberi tanda petik "
        "tunggal di depan agar tidak dibaca sebagai rumus."
    )


def _schema(name: str) -> dict[str, Any]:
    columns = columns_of(name)
    described: dict[str, Any] = {
        "fields": [_field(column) for column in columns.values()],
        "missingValues": [""],
        "primaryKey": [
            column.name for column in columns.values() if column.primary_key
        ],
    }
    if name != "areas":
        described["foreignKeys"] = [
            {
                "fields": ["area_code"],
                "reference": {"resource": "areas", "fields": ["area_code"]},
            }
        ]
    return described


def _field(column: sa.Column[Any]) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _type_of(column),
        "description": str(column.comment),
    }
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if column.name in _ENUMS:
        constraints["enum"] = _ENUMS[column.name]
    if column.name.endswith("_count"):
        constraints["minimum"] = 0
    if constraints:
        field["constraints"] = constraints
    return field


def _type_of(column: sa.Column[Any]) -> str:
    if isinstance(column.type, sa.Numeric) and column.type.scale == 0:
        return "integer"
    return next(
        (name for kind, name in _TYPES if isinstance(column.type, kind)), "string"
    )
