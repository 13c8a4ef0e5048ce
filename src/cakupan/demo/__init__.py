"""A synthetic East Kalimantan: its people, its files, and what must come out."""

from cakupan.demo.generate import DemoFile, DemoProvince, generate, read_manifest

__all__ = ["DemoFile", "DemoProvince", "generate", "read_manifest"]
