"""Cakupan."""
