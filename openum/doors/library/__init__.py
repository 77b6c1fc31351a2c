"""The law book for everybody, without a login: 42 CFR 422.101(b)(6) wants criteria to be public."""
