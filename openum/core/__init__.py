"""The pure core: values and functions on them. Standard library only; no clock, no log, no input or output."""
