"""One Django app per thing the product does; no capability imports another."""
