"""Who may see and send what: workspaces and their keys."""

import secrets

from django.db import models

from nousnous.base.ids import random_id


def new_workspace_id() -> str:
    return random_id("ws")


def new_salt() -> bytes:
    return secrets.token_bytes(32)


class Workspace(models.Model):
    """One company's data, fully apart from every other's."""

    id = models.CharField(primary_key=True, max_length=32, default=new_workspace_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    salt = models.BinaryField(default=new_salt, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name
