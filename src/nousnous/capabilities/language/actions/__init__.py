"""What members and runs do with the language of conversations."""
