"""Addresses of spreads."""

from django.urls import path

from nousnous.capabilities.spreads.views.spreads import spreads
from nousnous.capabilities.spreads.views.step import step

app_name = "spreads"

workspace_urlpatterns = [
    path("spreads/", spreads, name="spreads"),
    path("spreads/of/<path:step>/", step, name="step"),
]
