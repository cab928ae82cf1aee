"""Prove: exposures, readouts, proofs."""
