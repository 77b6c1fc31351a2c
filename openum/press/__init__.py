"""The press: finished letters as PDF a screen reader can read, and their words read back. It knows no web framework."""
