"""Addresses of replays: the list, the player with its stage, and heat maps."""

from django.urls import path

from nousnous.capabilities.replays.views import heat, listing, pieces, player, stage

app_name = "replays"

workspace_urlpatterns = [
    path("replays/", listing.replays, name="list"),
    path("replays/stage/", stage.stage, name="stage"),
    path("replays/<path:session>/pieces/<int:number>/", pieces.piece, name="piece"),
    path("replays/<path:session>/", player.player, name="player"),
    path("heat/", heat.heat, name="heat"),
]
