"""Who is involved: plans, members, organizations, clinicians, staff, and the software that speaks for them."""
