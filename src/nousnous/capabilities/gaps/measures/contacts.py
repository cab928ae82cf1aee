"""Contacts: which visits lead to one, and to which step its minutes belong."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.visits import Flags, Floats, Integers, Visits
from nousnous.stats.bisection import Sorted, in_order
from nousnous.stats.columns import Columns
from nousnous.stats.estimate import Estimate
from nousnous.stats.shares import share

CONTACT_WITHIN_US = 7 * 24 * 3_600 * 1_000_000
NO_STEP = -1


@dataclass(frozen=True, slots=True, eq=False)
class Contacts(Columns):
    """Contacts of people, sorted by person and time; minutes are 0 where nobody counted them.

    `person` holds the codes of the visits; a person without a visit has any code above theirs.
    """

    person: Integers
    moment_us: Integers
    customer_minutes: Floats
    handling_minutes: Floats

    @classmethod
    def sorted_from(cls, person: Integers, moment_us: Integers, customer: Floats, handling: Floats) -> Self:
        order = in_order(person, moment_us)
        minutes = (np.nan_to_num(column[order]) for column in (customer, handling))
        return cls(person[order], moment_us[order], *minutes)


def contact_rate(visits: Visits, contacts: Contacts, newest_us: int) -> Estimate:
    """Share of closed visits older than 7 days that a contact of the person followed.

    It follows when it begins after the opening and at most 7 days after the end: the end of a visit that was not
    completed walks over the person's next events, the contact among them.

    >>> none = np.zeros(0, np.int64)
    >>> contact_rate(Visits(0, *[none] * 5, *[none == 1] * 5, none), Contacts(none, none, none, none), 0).n
    0
    """
    old = visits.closed & (newest_us - visits.ended_us > CONTACT_WITHIN_US)
    followed = old & _followed(visits, contacts)
    return share(visits.by_person(followed), visits.by_person(old))


def _followed(visits: Visits, contacts: Contacts) -> Flags:
    next_us = _next_moment(contacts, visits.person, visits.opened_us)
    return (next_us > visits.opened_us) & (next_us - visits.ended_us <= CONTACT_WITHIN_US)


def _next_moment(contacts: Contacts, person: Integers, after_us: Integers) -> npt.NDArray[np.int64]:
    """The person's first contact later than a moment; 0 where there is none."""
    if not contacts.person.size:
        return np.zeros(person.size, dtype=np.int64)
    place = Sorted(contacts.person, contacts.moment_us).after(person, after_us)
    here = np.minimum(place, contacts.person.size - 1)
    found = (place < contacts.person.size) & (contacts.person[here] == person)
    return np.where(found, contacts.moment_us[here], 0)


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """Openings of visits, sorted by person, moment and step; `segment` holds codes of the property that splits."""

    person: Integers
    opened_us: Integers
    step: Integers
    segment: Integers

    @classmethod
    def sorted_from(cls, person: Integers, opened_us: Integers, step: Integers, segment: Integers) -> Self:
        order = in_order(person, opened_us, step)
        return cls(person[order], opened_us[order], step[order], segment[order])


def opening_before(openings: Openings, contacts: Contacts) -> npt.NDArray[np.int64]:
    """The place among the openings of the one that was last in the 7 days before each contact; −1 for none.

    Of visits opened together the later step is the last. A visit opened at the moment of the contact is not before.
    """
    person, opened_us = openings.person, openings.opened_us
    if not person.size or not contacts.person.size:
        return np.full(contacts.person.size, NO_STEP, dtype=np.int64)
    place = Sorted(person, opened_us).after(contacts.person, contacts.moment_us - 1) - 1
    here = np.maximum(place, 0)
    recent = contacts.moment_us - opened_us[here] <= CONTACT_WITHIN_US
    found = (place >= 0) & (person[here] == contacts.person) & recent
    return np.where(found, here, NO_STEP).astype(np.int64)
