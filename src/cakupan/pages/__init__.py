"""What people see inside Airflow: pages in Bahasa Indonesia, each behind a login.

Every request passes ``guard`` before any route; every route says which right it needs.
"""
