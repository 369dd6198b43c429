"""The demonstration: a floor, customers who really call, colleagues, and a shift to watch."""
