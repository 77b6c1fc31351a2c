"""The only place that knows everything: settings, addresses, the server's entry point."""
