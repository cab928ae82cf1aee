"""Experiments as texts: what is refused, what may change once one has started, whose part of a group is whose."""

import pytest
from tests.experiments.shop import END_US, START_US, TEXT

from nousnous.base import clock
from nousnous.base.errors import Conflict, Missing, Refused
from nousnous.experiments.actions.keeping import apply_experiment, end_experiment, experiment_of, list_experiments
from nousnous.experiments.assigning import arm_for
from nousnous.experiments.definition import EventGoal, StepGoal, parse_experiment, study_experiment
from nousnous.stats.assignment import share_of
from nousnous.workspaces.models import AuditEntry, Workspace

ARMS = '[[variant]]\nid = "a"\n[[variant]]\nid = "b"\n'


def text(identity: str, more: str = "") -> str:
    return f'[experiment]\nid = "{identity}"\nreading = "any time"\n{more}\n{ARMS}'


def test_a_text_says_arms_metrics_and_guard_rails() -> None:
    found = parse_experiment(TEXT)
    assert found.weights == {"control": 1.0, "short": 1.0}
    ordered, revenue, ratio = found.goals
    assert isinstance(ordered, EventGoal)
    assert (ordered.kind, ordered.within_us, ordered.direction) == ("did", 7 * clock.DAY_US, 1)
    assert isinstance(revenue, EventGoal)
    assert (revenue.kind, revenue.amount) == ("sum", "revenue")
    assert isinstance(ratio, EventGoal)
    assert ratio.per[0].events == ("Product Viewed",)
    assert (found.guards[0].direction, found.guards[0].tolerance) == (-1, 0.5)


WRONG = {
    'id = "short-form"': ('id = "short form"', "is no id"),
    "end = 2026-01-19": ("end = 2026-01-01", "not after"),
    'name = "A shorter form"': ("traffic = 1.5", "at most 1"),
    '[[variant]]\nid = "short"\nname = "the short form"\n': ("", "at least two"),
    'id = "short"': ('id = "control"', "of its own"),
    'did = { event = "Order Completed" }': ('did = { event = "x" }\ncount = { event = "x" }', "exactly one of"),
    'per = { event = "Product Viewed" }': ("", "needs “per”"),
    'better = "lower"': ('better = "less"', "higher or lower"),
    'sum = { event = "Order Completed" }': ('sum = { event = "x" }\nof = "age"', "A sum is “of”"),
    'within = "7d"': ('within = "soon"', "span above 0"),
    "start = 2026-01-05": ('reading = "daily"', "at the end or any time"),
    "tolerance = 0.5": ("tolerance = 0", "above 0"),
}


@pytest.mark.parametrize("right", WRONG)
def test_what_a_text_cannot_say_is_refused_with_its_line(right: str) -> None:
    wrong, sentence = WRONG[right]
    assert right in TEXT
    (trouble, *_) = study_experiment(TEXT.replace(right, wrong, 1)).troubles
    assert sentence in trouble.sentence
    assert trouble.place is not None
    assert trouble.place.line


def test_a_metric_of_the_catalogue_needs_its_step(workspace: Workspace) -> None:
    goal = '[[metric]]\ncatalogue = "completion"\nstep = "pay"\n'
    (found,) = parse_experiment(text("x") + goal).goals
    assert isinstance(found, StepGoal)
    with pytest.raises(Refused, match="There is no step"):
        apply_experiment(workspace, text("x") + goal, None, "ada")
    with pytest.raises(Refused, match="no metric"):
        parse_experiment(text("x") + goal.replace("completion", "joy"))
    with pytest.raises(Missing, match="no segment"):
        apply_experiment(workspace, text("x", 'segment = "nobody"'), None, "ada")


def test_once_it_has_started_only_its_words_change(workspace: Workspace) -> None:
    with clock.frozen(START_US - 1):
        apply_experiment(workspace, TEXT.replace("2026-01-19", "2026-01-20"), None, "ada")
        assert apply_experiment(workspace, TEXT, None, "ada").version.number == 2
        assert experiment_of(workspace, "short-form").status == "planned"
    with clock.frozen(START_US):
        assert apply_experiment(workspace, TEXT, None, "ada").version.number == 2
        assert apply_experiment(workspace, TEXT.replace("A shorter form", "Shorter"), None, "ada").version.number == 3
        with pytest.raises(Conflict, match="has started"):
            apply_experiment(workspace, TEXT.replace("2026-01-19", "2026-01-26"), None, "ada")
    with clock.frozen(END_US):
        assert experiment_of(workspace, "short-form").status == "ended"
    assert AuditEntry.objects.filter(workspace=workspace, verb="apply experiment").count() == 3


def test_an_experiment_ends_once_and_is_listed_last(workspace: Workspace) -> None:
    apply_experiment(workspace, text("one"), None, "ada")
    apply_experiment(workspace, text("two"), None, "ada")
    ended = end_experiment(workspace, "two", "ada")
    assert (ended.status, ended.stopped) == ("ended", True)
    assert [one.definition.id for one in list_experiments(workspace)] == ["one", "two"]
    with pytest.raises(Conflict, match="is ended"):
        end_experiment(workspace, "two", "ada")


def test_nobody_is_in_two_experiments_of_a_group(workspace: Workspace) -> None:
    grouped = 'group = "checkout"\ntraffic = {}'
    one = apply_experiment(workspace, text("one", grouped.format(0.5)), None, "ada")
    two = apply_experiment(workspace, text("two", grouped.format(0.3)), None, "ada")
    with pytest.raises(Conflict, match="has no 30 % of people left"):
        apply_experiment(workspace, text("three", grouped.format(0.3)), None, "ada")
    taken = [
        [arm_for(each.definition, each.part, f"p{number}", None) is not None for number in range(3_000)]
        for each in (one, two)
    ]
    assert not any(a and b for a, b in zip(*taken, strict=True))
    assert [sum(each) / 3_000 for each in taken] == pytest.approx([0.5, 0.3], abs=0.03)
    end_experiment(workspace, "one", "ada")
    assert apply_experiment(workspace, text("three", grouped.format(0.5)), None, "ada").part == (0.0, 0.5)


def test_traffic_and_arm_say_nothing_of_each_other(workspace: Workspace) -> None:
    half = apply_experiment(workspace, text("half", "traffic = 0.5"), None, "ada")
    people = [f"p{number}" for number in range(4_000)]
    arms = [arm for person in people if (arm := arm_for(half.definition, half.part, person, None))]
    assert len(arms) / 4_000 == pytest.approx(0.5, abs=0.03)
    assert arms.count("a") / len(arms) == pytest.approx(0.5, abs=0.04)
    assert all((share_of("half", p) < 0.5) == (arm_for(half.definition, (0, 1), p, None) == "a") for p in people)
