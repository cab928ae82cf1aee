"""The seeded simulator of a company; it uses the product's public ways in."""
