"""Starts the house: binds what lower parts must know of higher ones."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "nousnous.site"

    def ready(self) -> None:
        from nousnous.site.wiring import wire

        wire()
