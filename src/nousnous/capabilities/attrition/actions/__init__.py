"""What members and runs do with signs of fading."""
