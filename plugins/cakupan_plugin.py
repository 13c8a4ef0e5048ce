"""Registers Cakupan with Airflow. Airflow imports every file of this folder."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin


class CakupanPlugin(AirflowPlugin):
    """Names the deployment; pages of its own come here, each behind a login."""

    name = "cakupan"
