"""The address of red zones."""

from django.urls import path

from nousnous.capabilities.accessibility import views

app_name = "accessibility"

workspace_urlpatterns = [path("accessibility/", views.zones, name="zones")]
