"""Unggah: check a file, read what was found, correct it, send it, follow it."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from cakupan.core import areas, ledger
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.errors import UsageError
from cakupan.core.masking import masked_name
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.landing.naming import is_ignored, slot_for
from cakupan.landing.submit import submit_file
from cakupan.pages.access import Right, Visitor
from cakupan.pages.desk import Desk, desk_of, needs
from cakupan.pages.guard import visitor_of
from cakupan.pages.receive import Form, receive
from cakupan.pages.reporting_page import SEVERITIES
from cakupan.pages.show import page, root_of
from cakupan.pages.stages import steps_of, submission_of_key
from cakupan.pages.uploads import Upload
from cakupan.quality.summary import summarise
from cakupan.quality.template import write_template
from cakupan.quality.workbook import write_workbook
from cakupan.runs.corrections import write_correction

router = APIRouter()

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/unggah", dependencies=[needs(Right.SEND)])
def show(request: Request) -> HTMLResponse:
    """The form; the checking process starts while a file is being chosen."""
    desk, visitor = desk_of(request), visitor_of(request)
    desk.checker.warm()
    now = CoverageMonth.of(desk.today())
    return page(
        request,
        "upload.html",
        datasets=_datasets(visitor),
        areas=_senders(visitor),
        months=[now.plus(-back) for back in range(13)],
        limit=desk.context.settings.upload_limit,
    )


@router.post("/unggah", dependencies=[needs(Right.SEND)])
async def check(request: Request) -> Response:
    """Take a file and run the checks of ``cakupan check`` on it."""
    desk, visitor = desk_of(request), visitor_of(request)
    token, place = await run_in_threadpool(desk.uploads.begin, visitor.name)
    try:
        form = await receive(
            request,
            desk.uploads.source(token),
            desk.context.settings.upload_limit,
        )
        await run_in_threadpool(_check, desk, visitor, token, place, form)
    except BaseException:
        desk.uploads.drop(token)
        raise
    return RedirectResponse(f"{root_of(request)}unggah/{token}", status_code=303)


@router.get("/unggah/{token}", dependencies=[needs(Right.SEND)])
def show_upload(request: Request, token: str) -> HTMLResponse:
    """What was found in a file, or how far it has come once it is sent."""
    desk = desk_of(request)
    upload, findings = desk.uploads.get(token, visitor_of(request).name)
    found = None
    if upload.landing_key:
        found = submission_of_key(desk.context.engine, upload.landing_key)
    return page(
        request,
        "uploaded.html",
        upload=upload,
        name=masked_name(upload.file_name),
        groups=summarise(findings),
        severities=SEVERITIES,
        steps=steps_of(desk.context.engine, found) if upload.landing_key else [],
        found=found,
    )


@router.get("/unggah/{token}/perbaikan.xlsx", dependencies=[needs(Right.SEND)])
def correction(request: Request, token: str) -> Response:
    """The correction workbook of a file that was checked."""
    desk, visitor = desk_of(request), visitor_of(request)
    upload, findings = desk.uploads.get(token, visitor.name)
    visitor.require_rows(upload.dataset, upload.area)
    with desk.context.scratch("workbook") as folder:
        target = folder / "perbaikan.xlsx"
        write_workbook(
            target,
            raw=desk.uploads.raw(token),
            layout=upload.layout,
            findings=findings,
            slot=upload.slot,
            area_name=areas.name_of(str(upload.slot.area)) or "",
            submission_id="-",
            counts=upload.counts,
        )
        return _attached(target, _correction_name(upload.slot))


@router.post("/unggah/{token}/kirim", dependencies=[needs(Right.SEND)])
def send(request: Request, token: str) -> Response:
    """Put a checked file into the landing area; sending it twice sends it once."""
    desk, visitor = desk_of(request), visitor_of(request)
    upload, _ = desk.uploads.get(token, visitor.name)
    visitor.require_sending(upload.dataset, upload.area)
    if not upload.landing_key:
        _send(desk, upload)
    return RedirectResponse(f"{root_of(request)}unggah/{token}", status_code=303)


@router.get("/templat/{dataset}.xlsx", dependencies=[needs(Right.SEND)])
def template(request: Request, dataset: str) -> Response:
    """The upload template of a dataset."""
    contract(dataset)
    with desk_of(request).context.scratch("template") as folder:
        write_template(dataset, folder / "templat.xlsx")
        return _attached(folder / "templat.xlsx", f"templat_{dataset}.xlsx")


@router.get("/kiriman/{submission_id}", dependencies=[needs(Right.SEE)])
def show_submission(request: Request, submission_id: str) -> HTMLResponse:
    """A file that was sent: its stages and findings."""
    desk, visitor = desk_of(request), visitor_of(request)
    found = ledger.details(desk.context.engine, submission_id)
    visitor.require(Right.SEE, found["area_code"])
    return page(
        request,
        "submission.html",
        found=found,
        groups=summarise(ledger.findings(desk.context.engine, submission_id)),
        severities=SEVERITIES,
        steps=steps_of(desk.context.engine, found),
        may_have_rows=visitor.may_have_rows(found["dataset"]),
    )


@router.get("/kiriman/{submission_id}/perbaikan.xlsx", dependencies=[needs(Right.ROWS)])
def submission_correction(request: Request, submission_id: str) -> Response:
    """The correction workbook of a file that was sent."""
    desk, visitor = desk_of(request), visitor_of(request)
    found = ledger.get(desk.context.engine, submission_id)
    visitor.require_rows(found.slot.dataset, str(found.slot.area))
    with desk.context.scratch("workbook") as folder:
        target = folder / "perbaikan.xlsx"
        write_correction(desk.context, submission_id, target)
        return _attached(target, _correction_name(found.slot))


def _check(desk: Desk, visitor: Visitor, token: str, place: Path, form: Form) -> None:
    settings = desk.context.settings
    if is_ignored(form.file_name):
        raise UsageError("FILE_TEMPORARY", "", "")
    slot = slot_for(
        Path(form.file_name),
        dataset=form.fields.get("dataset") or None,
        area=form.fields.get("area") or None,
        month=form.fields.get("month") or None,
        provinces=settings.provinces,
    )
    visitor.require_sending(slot.dataset, str(slot.area))
    result = desk.checker.check(desk.uploads.source(token), form.file_name, slot, place)
    desk.uploads.keep(token, visitor.name, form.file_name, slot, result)


def _send(desk: Desk, upload: Upload) -> None:
    key = submit_file(
        desk.context.store,
        desk.uploads.source(upload.token),
        upload.slot,
        file_name=upload.file_name,
    )
    desk.uploads.sent(upload, key)


def _correction_name(slot: Slot) -> str:
    return f"{slot.dataset}_{slot.area}_{slot.month}_perbaikan.xlsx"


def _attached(path: Path, name: str) -> Response:
    return Response(
        path.read_bytes(),
        media_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _senders(visitor: Visitor) -> list[str]:
    """Areas a visitor may send for: provinces, then regencies."""
    codes = [code for code in visitor.areas if code.count(".") < 2]
    for province in (code for code in visitor.areas if "." not in code):
        codes += areas.regencies(province)
    return list(dict.fromkeys(codes))


def _datasets(visitor: Visitor) -> list[str]:
    """Datasets a visitor may send for one of their areas."""
    levels = {"regency" if "." in code else "province" for code in _senders(visitor)}
    return [
        name
        for name in DATASETS
        if levels & set(contract(name).senders) and visitor.may_send(name)
    ]
