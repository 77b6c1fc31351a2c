"""Whole charts of other people's synthetic patients, and the PAS requests a practice would make for them."""
