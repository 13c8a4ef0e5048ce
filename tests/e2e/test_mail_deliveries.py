"""Reports, scorecards and corrections by mail, through a real server."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pypdf
import pytest

from cakupan.runs.deliveries import deliver
from cakupan.runs.digest import mail_unsent, write_digest
from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, people, write_csv
from mail_server import LOGIN, MailServer, mail_server, make_certificate

pytestmark = pytest.mark.slow

MONTH = "2026-09"
OFFICE, PRESS = "gubernur@kaltim.example", "humas@kaltim.example"
KUKAR, BERAU, KUBAR = (
    "kesra@kukar.example",
    "kesra@berau.example",
    "kesra@kubar.example",
)
DIRTY = f"pekerja_rentan-64.02-{MONTH}-001"


@pytest.fixture(scope="module")
def ran(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """Kukar's list with mistakes, Berau's refused, Kubar's list full of Kukar's people."""
    home, folder = new_home(), tmp_path_factory.mktemp("files")
    dirty = [one.as_worker() for one in people(12)]
    dirty[3][0] = dirty[3][0][:15]
    kukar = write_csv(folder / f"pekerja_rentan_64.02_{MONTH}.csv", WORKERS, dirty)
    berau = write_csv(
        folder / f"pekerja_rentan_64.03_{MONTH}.csv",
        WORKERS[1:],
        [row[1:] for row in dirty],
    )
    kubar = write_csv(folder / f"pekerja_rentan_64.07_{MONTH}.csv", WORKERS, dirty)
    members = [one.as_member(MONTH, "64.02", "kemendagri") for one in people(9)]
    extract = write_csv(folder / f"bpjs_kepesertaan_64_{MONTH}.csv", MEMBERS, members)
    members[2][1] = members[2][1][:15]
    of_kukar = write_csv(
        folder / f"bpjs_kepesertaan_64.02_{MONTH}.csv", MEMBERS, members
    )
    home.cli("submit", kukar, berau, kubar, extract, of_kukar).ok()
    assert home.cli("run").status == 3  # two are refused
    return home


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def told(home: Home, post: MailServer, **more: str) -> Home:
    given = {
        "CAKUPAN_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "CAKUPAN_MAIL_FROM": "cakupan@kaltim.example",
        "CAKUPAN_MAIL_TO": "data@kaltim.example",
        **more,
    }
    return home.told(**given)


def states(home: Home, recipient: str) -> list[tuple[Any, ...]]:
    return home.rows(
        "select state, attempt_count, code from ops.deliveries where recipient = :to",
        to=f"{recipient[:1]}***@{recipient.partition('@')[2]}",
    )


def files(mail: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def pdf_text(data: bytes) -> str:
    return " ".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages
    )


def test_each_gets_what_is_theirs_once(ran: Home, post: MailServer) -> None:
    home = told(
        ran,
        post,
        CAKUPAN_REPORT_TO=OFFICE,
        CAKUPAN_REPORT_PUBLIC_TO=PRESS,
        CAKUPAN_MAIL_AREAS=f"64.02={KUKAR},64.03={BERAU}",
        CAKUPAN_REPORT_URL="https://berkas.example/{key}",
    )
    done = home.cli("deliver")
    done.ok()
    assert len(post.mails) == 4
    assert "64.07 Kabupaten Kutai Barat 2026-09: tidak ada alamat surel" in done.err

    (internal,) = post.to(OFFICE)
    assert list(files(internal)) == ["laporan.pdf"]
    assert "Edisi internal" in pdf_text(files(internal)["laporan.pdf"])
    (release,) = ran.rows("select release_id from ops.current_releases")[0]
    key = f"reports/64/{MONTH}/{release}/laporan.pdf"
    assert f"https://berkas.example/{quote(key)}" in words(internal)
    with ran.context() as context:
        assert files(internal)["laporan.pdf"] == context.store.read(key)
    (public,) = post.to(PRESS)
    assert list(files(public)) == ["laporan-publik.pdf"]
    assert "Edisi publik" in pdf_text(files(public)["laporan-publik.pdf"])

    (kukar,) = post.to(KUKAR)
    # an extract of BPJS that lies in its slot is not the regency's to have
    assert set(files(kukar)) == {
        f"rapor-64.02-{MONTH}.pdf", f"rapor-64.02-{MONTH}.xlsx",
        f"perbaikan-{DIRTY}.xlsx",
    }  # fmt: skip
    assert "bpjs_kepesertaan" not in words(kukar)
    (to_correct,) = ran.rows(
        "select count(*) from ops.findings where severity = 'warning' and "
        f"submission_id = 'bpjs_kepesertaan-64.02-{MONTH}-001'"
    )[0]
    assert to_correct > 0
    # who sent nothing is told so
    said = words(kukar)
    assert "Belum ada dari wilayah Anda, mohon dikirim:" in said
    assert "  - Daftar ketua RT dan RW" in said
    card = pypdf.PdfReader(io.BytesIO(files(kukar)[f"rapor-64.02-{MONTH}.pdf"]))
    assert len(card.pages) == 1
    book = openpyxl.load_workbook(io.BytesIO(files(kukar)[f"perbaikan-{DIRTY}.xlsx"]))
    assert book.sheetnames[0] == "Perbaikan"
    assert "diterima" in words(kukar)
    (berau,) = post.to(BERAU)
    assert "DITOLAK" in words(berau)
    # names are in the attachment, never in the words
    assert "CONTOH" not in words(kukar)

    # nothing twice, however often
    home.cli("deliver").ok()
    assert len(post.mails) == 4
    assert states(home, OFFICE) == [("sent", 1, None)]


def test_rows_of_another_area_are_not_sent(ran: Home, post: MailServer) -> None:
    home = told(ran, post, CAKUPAN_MAIL_AREAS=f"64.07={KUBAR}")
    home.cli("deliver").ok()
    (mail,) = post.to(KUBAR)
    (name,) = [name for name in files(mail) if name.startswith("perbaikan")]
    book = openpyxl.load_workbook(io.BytesIO(files(mail)[name]))
    assert "Perbaikan" not in book.sheetnames
    text = " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
    )
    assert "CONTOH" not in text
    assert "Isinya milik wilayah lain" in words(mail)


def test_busy_is_tried_again_and_refused_is_said_once(
    ran: Home, post: MailServer
) -> None:
    busy, gone = "sibuk@kaltim.example", "tiada@kaltim.example"
    post.answers = {busy: "451 later", gone: "550 no such user"}
    home = told(ran, post, CAKUPAN_REPORT_TO=f"{busy},{gone}")
    first = home.cli("deliver")
    assert first.status == 6
    assert [line[1:] for line in first.lines[1:]] == [
        ["failed", "MAIL_DEFERRED"], ["refused", "MAIL_REFUSED"]
    ]  # fmt: skip
    assert "Traceback" not in first.out + first.err
    assert busy not in first.out  # an address is not printed whole
    second = home.cli("deliver")
    assert [line[1] for line in second.lines[1:]] == ["failed"]
    assert states(home, gone) == [("refused", 1, "MAIL_REFUSED")]
    post.answers = {}
    home.cli("deliver").ok()
    assert [mail["To"] for mail in post.mails] == [busy]
    assert states(home, busy) == [("sent", 3, None)]
    # a person may try what was refused for good
    home.cli("deliver", "--refused").ok()
    assert [mail["To"] for mail in post.mails] == [busy, gone]


def test_message_refused_in_its_data(ran: Home, post: MailServer) -> None:
    home = told(ran, post, CAKUPAN_REPORT_TO="penuh@kaltim.example")
    post.data_answer = "452 too many"
    assert home.cli("deliver").status == 6
    post.data_answer = "552 too large"
    assert home.cli("deliver").status == 6
    assert states(home, "penuh@kaltim.example") == [("refused", 2, "MAIL_REFUSED")]


def test_killed_between_sending_and_noting_sends_again_with_the_same_number(
    ran: Home, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It errs towards twice; whoever gets both sees that they are one."""
    import cakupan.runs.deliveries as module

    home = told(ran, post, CAKUPAN_REPORT_TO="dua@kaltim.example")
    real = module.send

    def send_and_die(*given: Any, **more: Any) -> None:
        real(*given, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "send", send_and_die)
    with home.context() as context, pytest.raises(KeyboardInterrupt):
        deliver(context)
    monkeypatch.undo()
    with home.context() as context:
        deliver(context)
        deliver(context)
    assert len(post.mails) == 2
    assert len({mail["Message-ID"] for mail in post.mails}) == 1


def test_large_attachments_become_links(ran: Home, post: MailServer) -> None:
    home = told(ran, post, CAKUPAN_MAIL_AREAS="64.02=besar@kukar.example")
    with home.context() as context:
        small = replace(context, settings=replace(context.settings, mail_limit_bytes=9))
        deliver(small)
        (mail,) = post.mails
        assert files(mail) == {}
        links = [line.strip() for line in words(mail).splitlines() if "file://" in line]
        assert len(links) == 3
        prefix = f"{context.settings.object_store}/"
        for link in links:
            key = link.removeprefix(prefix)
            assert key.startswith("deliveries/64.02/2026-09/")
            assert context.store.exists(key)


def test_tls_and_login(ran: Home, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "server.pem")
    user, password = (quote(word, safe="") for word in LOGIN)
    with mail_server(certificate) as post:
        base = {"CAKUPAN_REPORT_TO": "tls@kaltim.example"}
        address = f"127.0.0.1:{post.port}"
        # the certificate is checked: unknown, nothing is sent
        unknown = told(ran, post, **base,
                       CAKUPAN_SMTP_URL=f"smtp://{user}:{password}@{address}")  # fmt: skip
        assert "MAIL_FAILED" in unknown.cli("deliver").out
        known = {**base, "SSL_CERT_FILE": str(certificate)}
        wrong = told(ran, post, **known,
                     CAKUPAN_SMTP_URL=f"smtp://{user}:salah@{address}")  # fmt: skip
        assert "MAIL_LOGIN_REFUSED" in wrong.cli("deliver").out
        assert post.mails == []
        right = told(ran, post, **known,
                     CAKUPAN_SMTP_URL=f"smtp://{user}:{password}@{address}")  # fmt: skip
        right.cli("deliver").ok()
        assert [mail["To"] for mail in post.mails] == ["tls@kaltim.example"]
        assert post.sealed == [True]


def test_a_draft_is_not_sent_but_corrections_are(
    ran: Home, new_home: Callable[..., Home], tmp_path: Path, post: MailServer
) -> None:
    home = told(
        new_home(CAKUPAN_APPROVERS="sekda=Dr. Siti Aminah, M.Si."),
        post,
        CAKUPAN_REPORT_TO=OFFICE,
        CAKUPAN_MAIL_AREAS=f"64.02={KUKAR}",
    )
    rows = [one.as_worker() for one in people(6)]
    rows[0][0] = "64"
    members = [one.as_member(MONTH, "64.02", "kemendagri") for one in people(5)]
    home.cli(
        "submit",
        write_csv(tmp_path / f"pekerja_rentan_64.02_{MONTH}.csv", WORKERS, rows),
        write_csv(tmp_path / f"bpjs_kepesertaan_64_{MONTH}.csv", MEMBERS, members),
    ).ok()
    home.cli("run").ok()
    home.cli("deliver").ok()
    (only,) = post.mails
    assert only["To"] == KUKAR
    assert [name.partition("-")[0] for name in files(only)] == ["perbaikan"]

    (told_of,) = home.cli("releases", "-m", MONTH, "--json").ok().json
    assert told_of["approval"] == "pending"
    release = told_of["release_id"]
    assert home.cli("report", "-m", MONTH, "--edition", "public", "--out",
                    tmp_path / "u.pdf").status == 2  # fmt: skip
    assert "APPROVER_UNKNOWN" in home.cli("approve", release, "--by", "saya").err
    home.cli("reject", release, "--by", "sekda", "--note", "Periksa lagi").ok()
    home.cli("deliver").ok()
    assert len(post.mails) == 1
    home.cli("approve", release, "--by", "sekda", "--note", "Baik").ok()
    assert (
        "RELEASE_ALREADY_RELEASED" in home.cli("approve", release, "--by", "sekda").err
    )
    home.cli("deliver").ok()
    (report,) = post.to(OFFICE)
    assert "Disetujui Dr. Siti Aminah, M.Si." in words(report)
    assert "Catatan: Baik." in words(report)
    assert "Disetujui" in pdf_text(files(report)["laporan.pdf"])
    card = post.to(KUKAR)[1]
    assert [name.partition("-")[0] for name in files(card)] == [
        "rapor", "rapor", "perbaikan"
    ]  # fmt: skip
    # notes of a decision stay in the province
    shown = pdf_text(files(card)[f"rapor-64.02-{MONTH}.pdf"])
    assert "Catatan" not in words(card) + shown


def test_a_digest_that_could_not_be_mailed_is_mailed_later(
    ran: Home, post: MailServer
) -> None:
    home = told(ran, post)
    post.answers = {"data@kaltim.example": "451 later"}
    result = {"area": "64.02", "month": MONTH, "submissions": []}
    with home.context() as context:
        for run in ("a", "b"):  # the same news twice
            made = write_digest(context, "uji", run, [result], ["bagian X"])
            assert made["is_mailed"] is False
        assert mail_unsent(context) == 0
        post.answers = {}
        assert mail_unsent(context) == 1
        assert mail_unsent(context) == 0
        assert (
            write_digest(context, "uji", "c", [result], ["bagian X"])["is_mailed"]
            is False
        )
    (mail,) = post.mails
    assert "bagian X" in words(mail)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPORT_TO", "a@b.example\r\nBcc:x@y.example,<>"),
        ("REPORT_TO", "bukan alamat"),
        ("MAIL_AREAS", "64.02=a@b.example;c"),
        ("MAIL_AREAS", "64=a@b.example"),
        ("MAIL_LIMIT_MB", "0"),
        ("MAIL_FROM", "cakupan@kaltim.example\nBcc: x@y.example"),
        ("MAIL_FROM", "Cakupan <cakupan@kaltim.example>"),
        ("SMTP_URL", "smtp://user:rahasia@host:port"),
        ("SMTP_URL", "smtp://user:rahasia@host:99999"),
        ("SMTP_URL", "https://host"),
        ("SMTP_URL", "host:25"),
    ],
)
def test_what_is_no_address_is_refused_by_the_settings(
    ran: Home, name: str, value: str
) -> None:
    done = ran.told(**{f"CAKUPAN_{name}": value}).cli("deliver")
    assert done.status == 5
    assert "INVALID" in done.err
    assert "rahasia" not in done.err + done.out


def test_no_server_says_what_to_set(ran: Home) -> None:
    done = ran.cli("deliver")
    assert done.status == 5
    assert "MAIL_NOT_CONFIGURED" in done.err
