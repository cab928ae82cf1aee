"""Who calls the customer that was let down, by when, what do they know, and did it help?

Reads events, scores and credits that were granted; makes cases with an owner from a rota and a clock, evidence of
steps, and what became of those who were called.
"""
