"""How passwords are stored: Argon2id at OWASP's minimum, so that a login costs 20 ms and not 160."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """19 MiB of memory, two passes, one lane (OWASP Password Storage Cheat Sheet); Django's own default takes 100 MiB."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
