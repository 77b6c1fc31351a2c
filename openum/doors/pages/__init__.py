"""Read-only pages of cases, for the demo and for development; the workbench with sign-in comes later."""
