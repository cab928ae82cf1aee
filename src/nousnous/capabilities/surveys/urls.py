"""Addresses of surveys: those that customers answer at, and those of members."""

from django.urls import path

from nousnous.capabilities.surveys.views import answering, in_page

app_name = "surveys"

urlpatterns = [
    path("s/ask/", in_page.ask_in_page, name="ask"),
    path("s/<str:link>/take/", in_page.take, name="take"),
    path("s/<str:link>/dismiss/", in_page.dismissed, name="dismiss"),
    path("s/<str:link>/", answering.answer, name="answer"),
    path("s/<str:link>/style.css", answering.style, name="style"),
]
