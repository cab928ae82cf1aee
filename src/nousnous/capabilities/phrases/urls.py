"""Addresses of the phrase book."""

from django.urls import path

from nousnous.capabilities.phrases import views

app_name = "phrases"

workspace_urlpatterns = [
    path("phrases/", views.phrase_list, name="list"),
    path("phrases/bundle.json", views.bundle, name="bundle"),
    path("propose-wording/", views.propose, name="propose"),
    path("phrases/<str:phrase>/", views.phrase, name="phrase"),
    path("phrases/<str:phrase>/<int:number>/approve/", views.approve, name="approve"),
    path("phrases/<str:phrase>/<int:number>/decline/", views.decline, name="decline"),
    path("phrases/<str:phrase>/<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
