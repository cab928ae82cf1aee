"""Act: triggers, audiences, holdouts, limits; the ways out of the house are in `channels`, one file each."""
