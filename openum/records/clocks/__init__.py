"""The clocks that run: kept with the rule's version and citation, the earliest of a case on top of the worklists."""
