"""Nous-Nous measures the gap between what a company believes it delivers and what its customers go through."""
