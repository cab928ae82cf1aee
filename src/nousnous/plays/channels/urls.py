"""Addresses of channels: those of members, those that Slack and customers' pages ask."""

from django.urls import path

from nousnous.plays.channels import views

app_name = "channels"

urlpatterns = [
    path("m/ask/", views.ask_message, name="message"),
    path("m/push/", views.take_push, name="take-push"),
    path("slack/<str:connection>/", views.press, name="press"),
]

workspace_urlpatterns = [
    path("channels/", views.channels, name="list"),
    path("new-channel/<str:kind>/", views.new, name="new"),
    path("channels/<str:channel>/", views.show, name="channel"),
    path("channels/<str:channel>/test/", views.test, name="test"),
    path("channels/<str:channel>/remove/", views.remove, name="remove"),
]
