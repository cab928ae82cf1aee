"""The paragraph "Workshops", read vote by vote: every vote is +1 for the first, −1 for the second, 0 for another."""

import math

Z = 1.959963984540054


def lead(first, second, n):
    """Mean and interval of the signs; the interval with one vote more for each of the two."""
    if n < 5:
        return None
    signs = [1] * first + [-1] * second + [0] * (n - first - second)
    more = [*signs, 1, -1]
    middle = sum(more) / len(more)
    spread = sum((one - middle) ** 2 for one in more) / len(more)
    half = Z * math.sqrt(spread / len(more))
    value = sum(signs) / n
    return value, min(value, max(-1, middle - half)), max(value, min(1, middle + half))


def needed(first, second, n):
    """Votes are added in the same shares until the interval lies above 0; none where that takes a hundred times n."""
    for votes in range(5, 100 * n + 1):
        p, q = first / n * votes + 1, second / n * votes + 1
        size = votes + 2
        middle = (p - q) / size
        spread = (p * (1 - middle) ** 2 + q * (1 + middle) ** 2 + (size - p - q) * middle**2) / size
        if middle - Z * math.sqrt(spread / size) > 0:
            return votes
    return None
