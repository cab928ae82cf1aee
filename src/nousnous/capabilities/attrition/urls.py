"""Addresses of who fades."""

from django.urls import path

from nousnous.capabilities.attrition import views

app_name = "attrition"

workspace_urlpatterns = [
    path("fading/", views.people, name="people"),
    path("fading/thresholds/", views.thresholds, name="thresholds"),
]
