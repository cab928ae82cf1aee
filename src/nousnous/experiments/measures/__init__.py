"""What the people of each arm did, and what lies between the arms."""
