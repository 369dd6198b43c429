"""The terminal for screen readers: what changes as lines, what is wanted as words."""
