"""What is computed of contacts that come back."""
