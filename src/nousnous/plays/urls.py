"""Addresses of plays: those of members, and those in mails: to be left alone, to be led on."""

from django.urls import path

from nousnous.plays.views import building
from nousnous.plays.views import plays as views

app_name = "plays"

urlpatterns = [
    path("u/<str:letter>/", views.leave, name="leave"),
    path("o/<str:letter>/", views.opened, name="opened"),
    path("c/<str:letter>/", views.followed, name="followed"),
]

workspace_urlpatterns = [
    path("plays/", views.plays, name="list"),
    path("new-play/", views.new, name="new"),
    path("build-play/", building.build, name="build"),
    path("plays/<str:play>/fields/", building.rebuild, name="rebuild"),
    path("plays/<str:play>/", views.show, name="play"),
    path("plays/<str:play>/text/", views.edit, name="edit"),
    path("plays/<str:play>/switch/", views.switch, name="switch"),
    path("firings/<str:firing>/retry/", views.retry, name="retry"),
]
