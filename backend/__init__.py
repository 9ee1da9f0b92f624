"""The server: one door for every change, one feed that tablets follow."""

__version__ = "0.1.0"
PROTOCOL = 1
