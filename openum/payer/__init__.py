"""The payer's wing: decides requests for care. Rooms in the order a request walks through them; only flow knows it."""
