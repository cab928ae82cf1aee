"""Pages of phrases and articles for members, and the help that customers read."""
