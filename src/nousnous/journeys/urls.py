"""Addresses of journeys, their versions and fractures, and of segments."""

from django.urls import path

from nousnous.journeys.views import fractures, journeys, segments, steps

app_name = "journeys"

workspace_urlpatterns = [
    path("journeys/", journeys.journeys, name="list"),
    path("new-journey/", journeys.new, name="new"),
    path("journeys/<str:journey>/", journeys.show, name="map"),
    path("journeys/<str:journey>/text/", journeys.edit, name="edit"),
    path("journeys/<str:journey>/people/", steps.people, name="people"),
    path("journeys/<str:journey>/add-step/", steps.add, name="add_step"),
    path("journeys/<str:journey>/history/", journeys.history, name="history"),
    path("journeys/<str:journey>/history/<int:number>/", journeys.version, name="version"),
    path("journeys/<str:journey>/archive/", journeys.archive, name="archive"),
    path("journeys/<str:journey>/steps/<str:step>/", steps.edit, name="edit_step"),
    path("journeys/<str:journey>/steps/<str:step>/fractures/", fractures.fractures, name="fractures"),
    path("fractures/<str:evidence>/remove/", fractures.remove, name="remove_fracture"),
    path("segments/", segments.segments, name="segments"),
    path("new-segment/", segments.new, name="new_segment"),
    path("segments/<str:segment>/", segments.edit, name="segment"),
    path("segments/<str:segment>/remove/", segments.remove, name="remove_segment"),
]
