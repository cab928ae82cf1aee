"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """OWASP's first choice: 25 ms instead of 200 with Django's figures."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
