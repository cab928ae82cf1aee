"""Tenancy, members, roles, keys, audit."""
