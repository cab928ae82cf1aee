"""Draw a world of a company from a seed: events and answers as Arrow tables, all in numpy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nousnous.base.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from nousnous_demo.answers import draw_answers
from nousnous_demo.company import ANGRY, ANNOYED, Company, Passage
from nousnous_demo.crowd import Crowd, Floats, Integers, draw_crowd
from nousnous_demo.diary import DEVICE, KNOWN, NOBODY, STORE, STRANGER, Diary, Kind
from nousnous_demo.fading import fade
from nousnous_demo.rescuing import rescue

Flags = NDArray[np.bool_]
Attempts = tuple[Integers, Integers]

# Visits of one person resemble each other: their own chance scatters around the step's by a beta with this weight.
LIKENESS = 60.0
LONGEST_S = 25 * 60
APART_US = 2 * HOUR_US
BROWSING = ("Page Viewed", "Article Viewed", "Product Added to Wishlist", "Signed In")
NOT_SIGNED_IN = 0.2
ROBOT_PAGES = 3_000


@dataclass(frozen=True, slots=True)
class World:
    """What happened: `events` as an import takes them, `answers` as a survey tool exports them.

    `faders` are the ids of those who were made to show each sign of fading, by the sign;
    `rescues` are the effects of what was tried.
    """

    events: Any
    answers: Any
    faders: Mapping[str, Sequence[str]]
    rescues: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of one step: whose, from when to when, and how they went."""

    who: Integers
    opened_us: Integers
    ended_us: Integers
    completed: Flags
    failed: Flags

    def within(self, share: float) -> Integers:
        """The moment at which so much of each visit is over."""
        return np.asarray(self.opened_us + ((self.ended_us - self.opened_us) * share).astype(np.int64))


def simulate(company: Company, people: int, seed: int, until_us: int, days: int = 180) -> World:
    """A world of some people over some days that ends at `until_us` (microseconds, UTC)."""
    crowd = draw_crowd(people, seed, until_us, days)
    diary = Diary(crowd)
    went: dict[str, Visits] = {}
    calls: list[Attempts] = []
    _browse(diary)
    for passage in sorted(company.passages, key=lambda one: one.channel == "chat"):
        if passage.inside:
            _go_inside(diary, passage, went[passage.inside])
        else:
            who, opened = _following(crowd, passage, went) if passage.after else _wanting(crowd, passage)
            who, opened = _attempts(crowd, (who, opened), calls if passage.channel == "chat" else [])
            went[passage.step] = visits = _go(crowd, passage, who, opened)
            _note(diary, passage, visits)
            calls.append(_callers(crowd, passage, visits))
    answers = draw_answers(crowd, company, {step: (v.who, v.ended_us, v.completed) for step, v in went.items()})
    faders = {kind: [f"customer-{one:06d}" for one in who] for kind, who in fade(diary).items()}
    rescues = rescue(diary)
    return World(diary.events(), answers, faders, rescues)


def _wanting(crowd: Crowd, passage: Passage) -> Attempts:
    """Who tries a step when, because they want to."""
    if passage.people is not None:
        who = crowd.random.choice(crowd.people, passage.people, replace=False).astype(np.int64)
        return who, crowd.until_us - 30 * DAY_US + crowd.random.integers(0, 20 * DAY_US, len(who))
    counts = crowd.random.poisson(passage.visits * crowd.days / 90, crowd.people)
    who = np.repeat(np.arange(crowd.people), counts)
    return who, crowd.moments(who, store=passage.channel == STORE)


def _following(crowd: Crowd, passage: Passage, went: Mapping[str, Visits]) -> Attempts:
    """Who comes to a step some days after they completed the one before."""
    before = went[passage.after]
    share = passage.visits * crowd.days / 90 * crowd.people / max(1, before.completed.sum())
    coming = before.completed & (crowd.random.random(len(before.who)) < share)
    who = before.who[coming]
    lag_us = (crowd.random.lognormal(np.log(passage.days_later), 0.5, len(who)) * DAY_US).astype(np.int64)
    opened = crowd.at_their_hours(who, before.ended_us[coming] + lag_us, store=passage.channel == STORE)
    return who, np.maximum(opened, before.ended_us[coming] + APART_US)


def _attempts(crowd: Crowd, wanting: Attempts, calls: list[Attempts]) -> Attempts:
    """Who tries when: on their own, or because another step failed them; nobody twice at the same time."""
    who, opened = wanting
    who = np.concatenate([who, *(caller for caller, _ in calls)])
    opened = np.concatenate([opened, *(at_us for _, at_us in calls)])
    order = np.lexsort((opened, who))
    who, opened = who[order], opened[order]
    close = (np.diff(who, prepend=-1) == 0) & (np.diff(opened, prepend=0) < APART_US)
    kept = ~close & (opened >= crowd.from_us) & (opened < crowd.until_us)
    return who[kept], opened[kept]


def _go(crowd: Crowd, passage: Passage, who: Integers, opened: Integers) -> Visits:
    random = crowd.random
    completed = random.random(len(who)) < _chances(crowd, passage, who, opened)
    failed = ~completed & (random.random(len(who)) < passage.failing) & bool(passage.fails)
    seconds = random.lognormal(np.log(passage.seconds), 0.5, len(who))
    seconds = np.clip(np.where(failed, seconds * 2.5, seconds), 5, max(LONGEST_S, 2 * passage.seconds))
    return Visits(who, opened, opened + (seconds * SECOND_US).astype(np.int64), completed, failed)


def _chances(crowd: Crowd, passage: Passage, who: Integers, opened: Integers) -> Floats:
    """The chance of each visit to complete: the step's, since a release another one, and what is the person's own."""
    weight = LIKENESS * passage.completion, LIKENESS * (1 - passage.completion)
    own = crowd.random.beta(*weight, crowd.people) - passage.completion + crowd.share_of(passage.tilts)
    share = np.full(len(who), passage.completion)
    if passage.release is not None:
        share[opened >= crowd.until_us - passage.release.days_before * DAY_US] = passage.release.completion
    return np.asarray(np.clip(share + own[who], 0.01, 0.99))


def _note(diary: Diary, passage: Passage, visits: Visits) -> None:
    """Start, what is on the way, what went wrong, and the end, of all visits of a step."""
    random, who = diary.crowd.random, visits.who
    alone = (random.random(len(who)) < NOT_SIGNED_IN) & (passage.channel in {"app", "web"})
    diary.note(Kind.of(passage, passage.starts), who, visits.opened_us, np.where(alone, DEVICE, KNOWN))
    _note_on_the_way(diary, passage, visits)
    for happened, event in ((visits.completed, passage.completes), (visits.failed, passage.fails)):
        diary.note(Kind.of(passage, event), who[happened], visits.ended_us[happened])
    if passage.signal:
        hit = ~visits.completed & (random.random(len(who)) < np.where(visits.failed, ANGRY, ANNOYED))
        hit |= visits.completed & (random.random(len(who)) < passage.struggling)
        diary.note(Kind.of(passage, passage.signal), who[hit], visits.within(0.3)[hit])
        again = hit & ~visits.completed & (random.random(len(who)) < 0.4)
        diary.note(Kind.of(passage, passage.starts), who[again], visits.within(0.6)[again])
        _note_detour(diary, passage, visits, hit)


def _note_detour(diary: Diary, passage: Passage, visits: Visits, hit: Flags) -> None:
    """The screen in the visits that go through it, and the signal again and again there.

    It is drawn by a generator of its own, so that the world without it is the same.
    """
    detour = passage.detour
    if detour is None:
        return
    chance = np.where(visits.completed, detour.share, detour.share_of_lost)
    there = diary.crowd.random.spawn(1)[0].random(len(visits.who)) < chance
    diary.note(
        Kind("Screen Viewed", detour.screen, channel=passage.channel), visits.who[there], visits.within(0.27)[there]
    )
    for share in (0.31, 0.32, 0.34, 0.35, 0.36):
        diary.note(Kind.of(passage, passage.signal), visits.who[there & hit], visits.within(share)[there & hit])


def _note_on_the_way(diary: Diary, passage: Passage, visits: Visits) -> None:
    """A page about every 45 seconds; in a store somebody is greeted once."""
    if passage.channel == STORE:
        diary.note(Kind.of(passage, "Customer Greeted"), visits.who, visits.within(0.4))
        return
    lasted = visits.ended_us - visits.opened_us
    pages = np.clip(lasted // (45 * SECOND_US), 1, 12)
    position = np.arange(int(pages.sum())) - np.repeat(np.cumsum(pages) - pages, pages) + 1
    at_us = np.repeat(visits.opened_us, pages) + position * np.repeat(lasted // (pages + 1), pages)
    diary.note(Kind.of(passage, "Page Viewed"), np.repeat(visits.who, pages), at_us)


def _go_inside(diary: Diary, passage: Passage, outer: Visits) -> None:
    """A step inside another one: who finished the outer one finished it; of the rest as many as its share asks for."""
    random, completed = diary.crowd.random, outer.completed
    lost = completed.sum() * (1 - passage.completion) / passage.completion / max((~completed).sum(), 1)
    reached = completed | (~outer.failed & (random.random(len(completed)) < lost * _unfailed(outer)))
    failed = reached & ~completed & (random.random(len(completed)) < passage.failing)
    diary.note(Kind.of(passage, passage.starts), outer.who[reached], outer.within(0.7)[reached])
    diary.note(Kind.of(passage, passage.fails), outer.who[failed], outer.within(0.94)[failed])


def _unfailed(outer: Visits) -> float:
    """How many more of those who did not fail before must be lost, so that the share of all of them is right."""
    return float((~outer.completed).sum() / max((~outer.completed & ~outer.failed).sum(), 1))


def _callers(crowd: Crowd, passage: Passage, visits: Visits) -> Attempts:
    """Some of those who failed ask support within a day; others read a help article."""
    calling = visits.failed & (crowd.random.random(len(visits.who)) < passage.calling)
    at_us = visits.ended_us[calling] + crowd.random.integers(2 * MINUTE_US, 20 * HOUR_US, int(calling.sum()))
    return visits.who[calling], at_us


def _browse(diary: Diary) -> None:
    """What has no effect: browsing, strangers, a robot that never stops, the counter at a store's door."""
    crowd, random = diary.crowd, diary.crowd.random
    who = np.repeat(np.arange(crowd.people), random.poisson(9 * crowd.days / 90, crowd.people))
    at_us, name = crowd.moments(who), random.integers(0, len(BROWSING), len(who))
    for position, event in enumerate(BROWSING):
        mine = name == position
        guise = np.where(random.random(int(mine.sum())) < 0.15, DEVICE, KNOWN) if event == "Page Viewed" else KNOWN
        diary.note(Kind(event), who[mine], at_us[mine], guise)
    strangers = random.integers(0, crowd.people, crowd.people // 2)
    diary.note(Kind("Page Viewed", "/prices", channel="web"), strangers, crowd.moments(strangers), STRANGER)
    robot = np.zeros(ROBOT_PAGES, dtype=np.int64)
    at_us = crowd.from_us + random.integers(0, crowd.days * DAY_US, ROBOT_PAGES)
    diary.note(Kind("Page Viewed", "/sitemap", channel="web"), robot, at_us, STRANGER)
    door = np.zeros(crowd.days * 5, dtype=np.int64)
    diary.note(Kind("Door Counted", STORE, channel=STORE), door, crowd.moments(door, store=True), NOBODY)
