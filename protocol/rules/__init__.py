"""Rules that the seat and the service compute alike: pure, facts and instants in, value out."""
