"""Addresses of imports and quarantine."""

from django.urls import path

from nousnous.collector import views

app_name = "collector"

workspace_urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.upload, name="upload"),
    path("imports/<str:import_id>/", views.show, name="import"),
    path("imports/<str:import_id>/mapping/", views.map_columns, name="map"),
    path("imports/<str:import_id>/start/", views.start, name="start"),
    path("imports/<str:import_id>/discard/", views.discard, name="discard"),
    path("imports/<str:import_id>/undo/", views.undo, name="undo"),
    path("imports/<str:import_id>/rejects/", views.rejects, name="rejects"),
    path("browsers/", views.browsers, name="browsers"),
    path("quarantine/", views.quarantine, name="quarantine"),
]
