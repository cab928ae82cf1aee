"""Addresses of people."""

from django.urls import path

from nousnous.people import views

app_name = "people"

workspace_urlpatterns = [
    path("people/", views.search, name="search"),
    path("people/merges/", views.suggestions, name="suggestions"),
    path("people/merges/<int:suggestion>/", views.decide, name="decide"),
    path("people/erasures/<str:receipt>/", views.receipt, name="receipt"),
    path("people/one/", views.show, name="show"),
    path("people/one/export/", views.export, name="export"),
    path("people/one/consent/", views.consent, name="consent"),
    path("people/one/merge/", views.merge, name="merge"),
    path("people/one/unmerge/", views.unmerge, name="unmerge"),
    path("people/one/erase/", views.erase, name="erase"),
]
