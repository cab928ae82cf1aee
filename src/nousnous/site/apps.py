"""Starts the house: fills the catalogue of metrics, binds what lower parts must know of higher ones."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "nousnous.site"

    def ready(self) -> None:
        from nousnous.site.parts import modules
        from nousnous.site.wiring import wire

        modules("metrics")
        wire()
