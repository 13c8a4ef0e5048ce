"""Alembic revisions of the warehouse; run by ``cakupan.warehouse.migrate``."""
