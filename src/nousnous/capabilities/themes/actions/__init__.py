"""What is done with themes: finding them, arranging them, reading them."""
