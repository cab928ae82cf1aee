"""What do we give back to whom, and out of which budget?

Reads what a person's own subscription costs a month; makes credits, and a ledger that cannot be overspent.
"""
