"""Pages of workshops: for members who hold them, for customers who vote."""
