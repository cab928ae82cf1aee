"""The answers of pages: what the list and one survey say in their titles."""

from nousnous.capabilities.surveys.actions.rates import Rate
from nousnous.capabilities.surveys.models import Survey


def list_title(surveys: list[Survey], rates: dict[str, Rate]) -> str:
    """What is asked now, and how many answered."""
    asked = [one for one in surveys if one.state == "open"]
    answered = sum(rates[one.survey_id].answered for one in surveys)
    if not asked:
        return "Nobody is asked anything now"
    people = f"{answered:,} answer{'' if answered == 1 else 's'} so far" if answered else "nobody has answered yet"
    return f"{asked[0].name} is asked, {people}" if len(asked) == 1 else f"{len(asked)} surveys are asked, {people}"


def title_of(survey: Survey, rate: Rate) -> str:
    if survey.state == "draft":
        return f"{survey.name} is a draft: nobody is asked yet"
    verb = "was" if survey.state == "closed" else "is"
    if not rate.answered:
        return f"{survey.name} {verb} asked, nobody has answered{'' if survey.state == 'closed' else ' yet'}"
    if rate.response.value is not None:
        return f"{round(100 * rate.response.value)}% answer {survey.name}"
    return f"{survey.name} {verb} answered by {rate.answered:,}"


def figures_of(rate: Rate) -> list[dict[str, str]]:
    """How many answered, in the words of the strip."""
    response = rate.response
    if response.value is None or response.low is None or response.high is None:
        shown, basis = "–", f"asked {rate.asked:,}, too few"
    else:
        shown = f"{round(100 * response.value)}%"
        basis = f"{round(100 * response.low)} to {round(100 * response.high)}%, of {rate.asked:,} asked"
    return [
        {"label": "Answered of those asked", "figure": shown, "basis": basis},
        {"label": "Answered", "figure": f"{rate.answered:,}", "basis": f"{rate.finished:,} to the end"},
        {"label": "Came by themselves", "figure": f"{rate.unasked:,}", "basis": "by the open link or the code"},
        {"label": "Closed it", "figure": f"{rate.dismissed:,}", "basis": "dismissed, in no rate"},
    ]
