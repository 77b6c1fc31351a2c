"""OpenUM: open-source utilization management."""

__version__ = "0.1.0"
