"""Entries of the navigation for a workspace's settings."""

from typing import Final

from nousnous.workspaces.menu import WORKSPACE, Entry

ENTRIES: Final = (
    Entry(WORKSPACE, 10, "Members", "workspaces:members", "members:read", key="m"),
    Entry(WORKSPACE, 20, "Roles", "workspaces:roles", "members:read", under="workspaces:members"),
    Entry(WORKSPACE, 30, "Write keys", "workspaces:keys", "keys:read"),
    Entry(WORKSPACE, 34, "API tokens", "workspaces:tokens", "keys:read", under="workspaces:keys"),
    Entry(WORKSPACE, 50, "Audit log", "workspaces:audit_log", "audit:read"),
    Entry(WORKSPACE, 60, "Settings", "workspaces:profile", "workspace:write"),
)
