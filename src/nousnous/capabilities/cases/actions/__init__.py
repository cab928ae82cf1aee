"""What members, plays and clocks do with cases."""
