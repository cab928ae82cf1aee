"""What is done with experiments: keeping them, answering flags, planning, reading out."""
