"""Deployments of their own, as the end-to-end tests have them."""

from e2e.conftest import new_home, server

__all__ = ["new_home", "server"]
