"""Identity, merges, consent, export and erasure."""
