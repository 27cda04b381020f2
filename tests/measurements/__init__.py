"""How well the automatic checks do, measured on material made by script: nobody's real papers are needed, and every run sees the same."""
