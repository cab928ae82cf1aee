"""Numbers as people read them: per cents, money, durations, intervals, verdicts; for pages, charts and shell."""

from math import floor, log10
from typing import Final, Literal

MINUS: Final = "−"  # the true minus sign
NOTHING: Final = "–"
SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "CHF": "CHF "}
VERDICTS: Final = {"gap": "worse", "delight": "better", "confirmed": "as believed", "unproven": "not proven"}
NUMERALS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

Unit = Literal["share", "seconds", "score", "nps"]


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands separated and the true minus sign.

    >>> number(-27300), number(4.25, 1), number(None)
    ('−27,300', '4.2', '–')
    """
    if value is None:
        return NOTHING
    text = f"{abs(value):,.{digits}f}"
    return MINUS + text if value < 0 and text.strip("0.,") else text


def rounded(value: float | None) -> str:
    """A large number to three significant digits, a small one to one digit after the point.

    >>> rounded(27312), rounded(64.28), rounded(7.25)
    ('27,300', '64', '7.2')
    """
    if value is None or abs(value) < 10:
        return number(value, 0 if value == 0 else 1)
    step = 10 ** max(0, floor(log10(abs(value))) - 2)
    return number(round(value / step) * step)


def signed(value: float | None, digits: int = 0) -> str:
    """A difference with its sign.

    >>> signed(34.2), signed(-16), signed(0.2)
    ('+34', '−16', '0')
    """
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 0 to 1 as per cent; what is there is never rounded to nothing.

    >>> percent(0.612), percent(0.002), percent(0.9995)
    ('61%', '<1%', '>99%')
    """
    if share is None:
        return NOTHING
    if digits == 0 and 0 < share < 0.005:
        return "<1%"
    if digits == 0 and 0.995 <= share < 1:
        return ">99%"
    return f"{number(100 * share, digits)}%"


def to_the_cent(cents: int, currency: str) -> str:
    """Money that is counted and not estimated.

    >>> to_the_cent(48010, "USD"), to_the_cent(1999, "SEK")
    ('$480.10', 'SEK 19.99')
    """
    return SYMBOLS.get(currency, f"{currency} ") + number(cents / 100, 2)


def money(amount: float | None, currency: str) -> str:
    """An amount, short: three figures at most before the thousands.

    >>> money(412_300, "USD"), money(1_240_000, "EUR"), money(-38, "USD"), money(4_200, "SEK")
    ('$412k', '€1.2m', '−$38', 'SEK 4.2k')
    """
    if amount is None:
        return NOTHING
    symbol = SYMBOLS.get(currency, f"{currency} ")
    size = abs(amount)
    for limit, unit, letter in ((999_500_000, 1e9, "bn"), (999_500, 1e6, "m"), (999.5, 1e3, "k")):
        if size >= limit:
            text = f"{size / unit:.{1 if size / unit < 9.95 else 0}f}{letter}"
            break
    else:
        text = f"{size:.0f}"
    return f"{MINUS if amount < 0 and text != '0' else ''}{symbol}{text.replace('.0', '')}"


def duration(seconds: float | None) -> str:
    """A duration in its two largest fitting units.

    >>> duration(58), duration(250), duration(7_300), duration(260_000), duration(0.4)
    ('58 s', '4 min 10 s', '2 h 2 min', '3 days', '0.4 s')
    """
    if seconds is None:
        return NOTHING
    if seconds < 59.5:
        return f"{number(seconds, 1 if 0 < seconds < 9.95 and seconds % 1 else 0)} s"
    if seconds < 3_600:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{round(seconds / 60)} min"
    if seconds < 172_800:
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{round(seconds / 3600)} h"
    return f"{seconds / 86_400:.1f}".replace(".0", "") + " days"


def reading(value: float | None, unit: str) -> str:
    """A value of a metric in its own unit.

    >>> reading(0.61, "share"), reading(250, "seconds"), reading(4.25, "score"), reading(-12.4, "nps")
    ('61%', '4 min 10 s', '4.2', '−12')
    """
    if unit == "share":
        return percent(value)
    if unit == "seconds":
        return duration(value)
    return number(value, 0 if unit == "nps" else 1)


def interval(low: float | None, high: float | None, unit: str) -> str:
    """Two ends of a range, never with a dash; an end that nobody knows is said.

    >>> interval(0.52, 0.62, "share"), interval(None, 250, "seconds"), interval(None, None, "share")
    ('52 to 62%', 'up to 4 min 10 s', 'interval not known')
    """
    if low is None and high is None:
        return "interval not known"
    if low is None:
        return f"up to {reading(high, unit)}"
    if high is None:
        return f"from {reading(low, unit)}"
    first, last = reading(low, unit), reading(high, unit)
    return f"{first.removesuffix('%') if last.endswith('%') else first} to {last}"


def money_interval(low: float | None, high: float | None, currency: str) -> str:
    """The ends of an amount.

    >>> money_interval(355_000, 480_000, "USD")
    '$355k to $480k'
    """
    if low is None or high is None:
        return "interval not known"
    return f"{money(low, currency)} to {money(high, currency)}"


def counted(count: int, noun: str, nouns: str = "") -> str:
    """A number of things; in words up to ten.

    >>> counted(4, "step"), counted(1, "step"), counted(12, "step")
    ('four steps', 'one step', '12 steps')
    """
    return f"{in_words(count)} {noun if count == 1 else nouns or noun + 's'}"


def in_words(count: int) -> str:
    return NUMERALS[count] if count < len(NUMERALS) else number(count)


def capital(text: str) -> str:
    """A sentence begins large, whatever follows.

    >>> capital("four of eight")
    'Four of eight'
    """
    return text[:1].upper() + text[1:]


def verdict(verdict_id: str, n: int, *, few: bool) -> str:
    """A verdict as pages say it.

    >>> verdict("gap", 90, few=False), verdict("unproven", 14, few=True)
    ('worse', 'n 14, too few')
    """
    return f"n {number(n)}, too few" if few else VERDICTS[verdict_id]
