"""The servers that ours is measured against: each started in a scratch folder on loopback, and
spoken to in its own wire format."""
