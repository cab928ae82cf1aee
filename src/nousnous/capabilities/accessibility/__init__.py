"""Whom do our screens keep out?

Reads what browsers told of barriers on screens, and who saw these; makes red zones, ranked by the people affected.
"""
