"""Training: assigning, crediting, offering, and what it comes to."""
