"""Whom do our screens keep out?

Reads violations that browsers found, and clicks; makes red zones, ranked by the people affected.
"""
