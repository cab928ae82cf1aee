"""Addresses of experiments."""

from django.urls import path

from nousnous.experiments import views

app_name = "experiments"

workspace_urlpatterns = [
    path("experiments/", views.experiments, name="list"),
    path("new-experiment/", views.new, name="new"),
    path("experiments/<path:experiment>/text/", views.edit, name="edit"),
    path("experiments/<path:experiment>/history/", views.history, name="history"),
    path("experiments/<path:experiment>/end/", views.end, name="end"),
    path("experiments/<path:experiment>/", views.show, name="show"),
]
