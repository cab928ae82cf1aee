"""Addresses of workshops: those that customers vote at, and those of members."""

from django.urls import path

from nousnous.capabilities.workshops.views import holding, voting

app_name = "workshops"

urlpatterns = [
    path("vote/<str:vote>/", voting.vote, name="vote"),
    path("vote/<str:vote>/live/", voting.live, name="vote-live"),
]

workspace_urlpatterns = [
    path("workshops/", holding.workshop_list, name="list"),
    path("new-workshop/", holding.new, name="new"),
    path("workshops/<str:workshop>/", holding.workshop, name="workshop"),
    path("workshops/<str:workshop>/live/", holding.live, name="live"),
    path("workshops/<str:workshop>/open/", holding.open_round, name="open"),
    path("workshops/<str:workshop>/slot/", holding.open_slot, name="slot"),
    path("workshops/<str:workshop>/stop/", holding.stop, name="stop"),
    path("workshops/<str:workshop>/letters/", holding.letters, name="letters"),
    path("workshops/<str:workshop>/code.<str:form>", holding.code, name="code"),
]
