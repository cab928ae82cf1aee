"""How far is what a team believes from what its customers go through, and what does it cost?

Reads visits, scores and evidence; makes beliefs, verdicts, experience debt and the gap report.
"""
