"""Looking at a desk: what works, what does not, and how to mend it."""
