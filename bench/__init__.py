"""The benchmarks, each beside the peer that it is measured against. Each ends in one line."""
