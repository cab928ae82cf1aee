"""Contacts: which visits lead to one, and to which step its minutes belong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from nousnous.capabilities.gaps.measures.visits import Flags, Floats, Integers, Visits
from nousnous.stats.bisection import Sorted, in_order
from nousnous.stats.columns import Columns
from nousnous.stats.estimate import Estimate
from nousnous.stats.shares import share

CONTACT_WITHIN_US = 7 * 24 * 3_600 * 1_000_000
NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Contacts(Columns):
    """Contacts of people, sorted by person and time; minutes are 0 where nobody counted them.

    `person` holds the codes of the visits; a person without a visit has any code above theirs. A contact belongs to a
    visit, whose `step` and code of the splitting property, `segment`, it has; −1 where it belongs to none.
    """

    person: Integers
    moment_us: Integers
    customer_minutes: Floats
    handling_minutes: Floats
    step: Integers
    segment: Integers

    @classmethod
    def of_no_visit(cls, person: Integers, moment_us: Integers, customer: Floats, handling: Floats) -> Self:
        """Sorted contacts that belong to no visit yet."""
        nothing = np.full(person.size, NONE, dtype=np.int64)
        return cls(person, moment_us, customer, handling, nothing, nothing)

    def of(self, visits: Visits, places: Integers) -> Self:
        """The contacts as those of the visits at some places, −1 for none."""
        step, segment = (np.append(column, NONE)[places] for column in (visits.step, visits.segment))
        return replace(self, step=step, segment=segment)

    def numbered(self, numbers: Integers, persons: int, codes: Sequence[int]) -> Self:
        """Those of persons with a new number below `persons`, and those that belong to visits with one of some codes.

        `numbers` is the new number of each person; that of others is `persons`.
        """
        person = np.append(numbers, persons)[np.minimum(self.person, numbers.size)]
        found = replace(self, person=person).only((person < persons) | np.isin(self.segment, codes))
        return found.only(np.argsort(found.person, kind="stable"))


def contact_rate(visits: Visits, contacts: Contacts, newest_us: int) -> Estimate:
    """Share of closed visits older than 7 days that a contact of the person followed.

    It follows when it begins after the opening and at most 7 days after the end: the end of a visit that was not
    completed walks over the person's next events, the contact among them.

    >>> none = np.zeros(0, np.int64)
    >>> contact_rate(Visits(0, *[none] * 5, *[none == 1] * 5, none), Contacts(*[none] * 6), 0).n
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


def visit_before(visits: Visits, contacts: Contacts) -> npt.NDArray[np.int64]:
    """The place of the visit that the person opened last in the 7 days before each contact; −1 for none.

    Of visits opened together that of the later step is the last. One opened at the moment of the contact is not before.
    """
    concerned = np.zeros(visits.persons, dtype=bool)
    concerned[contacts.person[contacts.person < visits.persons]] = True
    mine = np.flatnonzero(concerned[visits.person])
    if not mine.size:
        return np.full(contacts.person.size, NONE, dtype=np.int64)
    person, opened_us = visits.person[mine], visits.opened_us[mine]
    order = in_order(person, opened_us, visits.step[mine])
    person, opened_us = person[order], opened_us[order]
    place = Sorted(person, opened_us).after(contacts.person, contacts.moment_us - 1) - 1
    here = np.maximum(place, 0)
    recent = contacts.moment_us - opened_us[here] <= CONTACT_WITHIN_US
    found = (place >= 0) & (person[here] == contacts.person) & recent
    return np.where(found, mine[order][here], NONE).astype(np.int64)
