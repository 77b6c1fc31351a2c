"""What ``./dev bench`` runs: figures, never assertions about time. It prints one table and writes nothing into git."""
