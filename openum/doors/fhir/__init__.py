"""The FHIR door: PAS 2.2.1 over HTTP, with SMART Backend Services."""
