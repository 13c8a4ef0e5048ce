"""Commands about this machine: init, up, down, demo."""

from __future__ import annotations

from typing import Annotated

import typer

from cakupan.cli.output import progress, say
from cakupan.core.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (init, up, down, demo):
        app.command()(command)


def init() -> None:
    """Create what is missing: store, database, schema, roles, reference data."""
    from cakupan.core.database import engine_for
    from cakupan.core.privacy import load_person_key
    from cakupan.core.store import prepare_store
    from cakupan.local import postgres
    from cakupan.runs.context import initialise

    settings = load_settings()
    with progress(4) as step:
        step("penyimpanan objek")
        prepare_store(settings)
        step("kunci nama samaran")
        load_person_key(settings)
        step("PostgreSQL")
        with postgres.running(settings) as url:
            engine = engine_for(url)
            step("skema, peran dan data rujukan")
            initialise(settings, engine)
            engine.dispose()
    say("Siap.")


def up(
    port: Annotated[int | None, typer.Option(help="Port of the web page.")] = None,
) -> None:
    """Start Airflow (api server, scheduler, dag processor, triggerer)."""
    from cakupan.local import airflow
    from cakupan.runs.context import open_context

    settings = load_settings()
    with progress() as step:
        step("gudang data")
        with open_context(settings):
            step("Airflow")
            address = airflow.up(settings, port=port)
    say(f"Airflow   {address.url}")
    say(f"pengguna  {address.user}")
    say(f"sandi     {address.password_file}")


def down() -> None:
    """Stop Airflow and the embedded database."""
    from cakupan.local import airflow, postgres

    settings = load_settings()
    airflow.down(settings)
    postgres.stop(settings)
    say("Berhenti.")


def demo(
    months: Annotated[int, typer.Option(min=1, max=36, help="How many months.")] = 3,
    scale: Annotated[
        float, typer.Option(min=0.01, help="1 is about 12,000 rows.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 64,
    through_airflow: Annotated[
        bool, typer.Option("--airflow", help="Let the scheduler run the DAGs.")
    ] = False,
) -> None:
    """Write a synthetic East Kalimantan, send its files and run them."""
    from cakupan.cli.demo import run_demo

    run_demo(months=months, scale=scale, seed=seed, through_airflow=through_airflow)
