"""A seeded synthetic world with known truth: plans, practices, people, members, charts and the requests they make.

Everything follows from a seed, a day and the library; the same three give the same bytes. README.md beside this file
shows the whole of it on one page. Nothing here is a real person, organization or number.
"""
