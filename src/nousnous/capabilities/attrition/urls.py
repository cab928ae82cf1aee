"""Addresses of who fades."""

from django.urls import path

from nousnous.capabilities.attrition.views import outlooks, signs

app_name = "attrition"

workspace_urlpatterns = [
    path("fading/", signs.people, name="people"),
    path("fading/thresholds/", signs.thresholds, name="thresholds"),
    path("fading/forecast/", outlooks.forecast, name="forecast"),
    path("fading/forecast/learn/", outlooks.learn, name="learn"),
    path("fading/backtest/", outlooks.backtest, name="backtest"),
]
