"""How far is what a team believes from what its customers go through, and what does it cost?

Reads visits, scores, orders and evidence; makes beliefs, verdicts, experience debt, what goes with it, and the report.
"""
