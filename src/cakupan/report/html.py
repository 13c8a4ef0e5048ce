"""A report as one HTML page: no script, no outside resource, readable by ear.

Every text is escaped; the drawings are ours and hold escaped text only.
"""

from __future__ import annotations

from html import escape
from typing import Any

from cakupan.core.resources import include
from cakupan.report.document import Document
from cakupan.report.plain import plain

STYLE = "report.css"


def html_bytes(document: Document) -> bytes:
    """The report as a page that stands alone, UTF-8."""
    shown = plain(document)
    title = escape(f"{shown['title']}, {shown['subtitle']}")
    style = include("report", STYLE).read_text("utf-8")
    sections = shown["sections"]
    contents = "".join(
        f'<li><a href="#s{index}">{escape(section["title"])}</a></li>'
        for index, section in enumerate(sections)
    )
    body = "\n".join(
        f'<section aria-labelledby="s{index}">\n'
        f'<h2 id="s{index}">{escape(section["title"])}</h2>\n'
        + "\n".join(_block(block) for block in section["blocks"])
        + "\n</section>"
        for index, section in enumerate(sections)
    )
    page = f"""<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#isi">Langsung ke isi</a>
<header>
<h1>{title}</h1>
<p>{escape(shown["status"])} {escape(shown["edition_words"])}</p>
<nav aria-label="Daftar isi"><ol>{contents}</ol></nav>
</header>
<main id="isi">
{body}
</main>
<footer><p>Rilis {escape(shown["release_id"])}, sidik isi (sha256)
{escape(shown["sha256"])}</p></footer>
</body>
</html>
"""
    return page.encode()


def _block(block: dict[str, Any]) -> str:
    match block["kind"]:
        case "paragraph":
            return f"<p>{escape(block['text'])}</p>"
        case "items":
            items = "".join(
                f"<li>{_head(head)}{escape(text)}</li>" for head, text in block["items"]
            )
            return f"<ul>{items}</ul>"
        case "tiles":
            return f'<div class="tiles">{"".join(map(_tile, block["tiles"]))}</div>'
        case "chart":
            return _chart(block)
        case "charts":
            return f'<div class="tiles">{"".join(map(_chart, block["charts"]))}</div>'
        case _:
            return _table(block)


def _head(words: str) -> str:
    return f"<strong>{escape(words)}</strong> " if words else ""


def _chart(block: dict[str, Any]) -> str:
    return (
        f"<figure><figcaption>{escape(block['title'])}</figcaption>"
        f'<div aria-hidden="true">{block["svg"]}</div>'
        f"<p>{escape(block['words'])}</p></figure>"
    )


def _tile(tile: dict[str, Any]) -> str:
    details = "".join(f"<p>{escape(line)}</p>" for line in tile["details"])
    return (
        f'<div class="tile"><h3>{escape(tile["label"])}</h3>'
        f'<p class="value">{escape(tile["value"])}</p>{details}</div>'
    )


def _table(block: dict[str, Any]) -> str:
    sides = ["" if one["unit"] in {"text", "date"} else ' class="n"'
             for one in block["columns"]]  # fmt: skip
    head = "".join(
        f'<th scope="col"{side}>{escape(one["title"])}</th>'
        for side, one in zip(sides, block["columns"], strict=True)
    )
    rows = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f"<td{side}>{escape(shown)}</td>"
            for side, shown in zip(sides[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in block["rows"]
    )
    note = f'<p class="note">{escape(block["note"])}</p>' if block["note"] else ""
    title = escape(block["title"])
    return (
        f'<div class="wide" role="region" aria-label="{title}" tabindex="0"><table>'
        f"<caption>{title}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table></div>{note}"
    )
