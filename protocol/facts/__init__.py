"""What can happen to a person: one immutable structure a fact, a file per family.

A fact is written once by the seat (or the service) that saw it, kept as the bytes it was written
in, and never changed; to correct is to append. Its envelope (`protocol.facts.record`) says who
recorded it and when.
"""
