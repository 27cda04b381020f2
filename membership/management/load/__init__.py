"""A society of a given size, to try lists and searches on: written straight into the tables, the same at every run (``seed_load``)."""
