"""Evidence: passages of attached documents that speak for or against a fact, quoted exactly.

It suggests and never decides. Nothing runs outside the machine, and it knows no web framework.
"""
