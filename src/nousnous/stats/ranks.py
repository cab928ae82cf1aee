"""Whether two orders agree."""

from math import sqrt

import numpy as np
import numpy.typing as npt

from nousnous.stats.clusters import coded
from nousnous.stats.estimate import Estimate, Z, enough, too_few


def rank_correlation(first: npt.ArrayLike, second: npt.ArrayLike, persons: npt.ArrayLike) -> Estimate:
    """Spearman's rank correlation of two aligned series, −1 to 1, ties by their mean rank.

    Interval by Fisher's z with the standard error √((1 + r²/2)/(n − 3)) (Bonett and Wright 2000), where n is the number
    of persons, for observations of one person are not independent. Too few under 5 persons, or where a series does not
    vary. Arrays have one length and no NaN.

    >>> rank_correlation([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, 2.0, 3.0, 4.0, 6.0, 5.0], [1, 2, 3, 4, 5, 6]).value
    0.942857
    """
    from scipy.stats import rankdata  # slow to load, and most commands measure nothing

    ranks = [rankdata(np.asarray(one, dtype=np.float64)) for one in (first, second)]
    n, many = int(ranks[0].size), int(np.unique(coded(persons)).size)
    if not enough(many) or min(float(np.ptp(one)) for one in ranks) == 0:
        return too_few(n)
    value = round(float(np.corrcoef(ranks[0], ranks[1])[0, 1]), 6)
    centre, half = np.arctanh(np.clip(value, -0.999999, 0.999999)), Z * sqrt((1 + value**2 / 2) / (many - 3))
    return Estimate(
        value, float(np.tanh(centre - half)), float(np.tanh(centre + half)), n, "Spearman, Bonett and Wright"
    )
