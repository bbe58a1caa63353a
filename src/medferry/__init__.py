"""Medferry: a hospital's data reach the regional health platform, completely, correctly and on time."""

__version__ = "0.1.0"
