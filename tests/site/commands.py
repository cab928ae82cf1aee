"""Every command of `nous`, found by machine, and how each is tried."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management import get_commands, load_command_class

FRAMEWORK = {
    *("help", "verbosity", "version", "settings", "pythonpath", "traceback"),
    *("show_locals", "no_color", "force_color", "skip_checks"),
}
INSTALLATION = {
    "doctor": "health of the installation",
    "backup": "for who runs the installation: a copy of all of it",
    "restore": "for who runs the installation: puts a copy into an empty home",
    "collector": "a server of the installation",
    "serve": "a server of the installation",
    "worker": "a server of the installation",
    "settings": "settings of the installation",
    "status": "health of the installation",
    "runs retry": "for who runs the installation: the work of all its workspaces",
    "runs schedules": "for who runs the installation: the calendar of all its workspaces",
    "workspace create": "makes a workspace",
    "workspace list": "for who runs the installation: the names of its workspaces",
    "journey template": "texts that come with the product",
    "journey templates": "texts that come with the product",
}
"""Commands that take no workspace, and why they need none."""

# Each call as it is typed after the command; {names} are those of `planted`, and files that `written` makes.
READING = {
    "article list": ("", "--search order"),
    "attrition backtest": ("",),
    "attrition people": ("",),
    "attrition risks": ("",),
    "belief list": ("", "--journey {journey} --history"),
    "belief calibration": ("--journey {journey}",),
    "browsers show": ("",),
    "case list": ("",),
    "case show": ("{case}",),
    "channel list": ("",),
    "contacts": ("--days 400", "--source conversations"),
    "credit list": ("",),
    "events export": (
        "--output events.jsonl",
        "--person {person} --output events.jsonl",
        "--person {merged} --from 2024-01-01 --to 2025-01-01 --format parquet --output events.parquet",
    ),
    "experiment flags": ("{person} --country {country}",),
    "experiment list": ("",),
    "experiment read": ("{experiment}",),
    "experiment show": ("{experiment}",),
    "fix list": ("",),
    "fix prove": ("{fix}",),
    "gap": (
        "--journey {journey} --from 2024-01-01 --to 2024-02-01 --by country",
        "--journey {shop} --segment {segment} --format csv --output gap.csv",
        "--journey {shop} --segment country={country} --format pdf --output gap.pdf",
    ),
    "import list": ("",),
    "language scorers": ("",),
    "language audit": ("--days 400", "--format pdf --output language.pdf"),
    "journey list": ("", "--archived"),
    "journey show": ("{journey}", "{journey} --version 1"),
    "journey history": ("{journey}",),
    "journey suggest": ("--id {journey}",),
    "key list": ("",),
    "member list": ("",),
    "person export": ("{person}", "{merged}", "{device}"),
    "person receipt": ("{receipt}",),
    "quarantine list": ("--most 9",),
    "quarantine export": ("--format json",),
    "phrase bundle": ("--output bundle.json",),
    "phrase list": ("", "--search {phrase}"),
    "phrase show": ("{phrase} --tone legal --locale en",),
    "play dry-run": ("{play_toml}",),
    "play firings": ("{play}",),
    "play list": ("",),
    "play show": ("{play}",),
    "replay export": ("{session} --output replay.json",),
    "replay heat": ("--days 800", "--screen /cart --width desktop"),
    "replay list": (
        "",
        "--person {person} --screen /quokka --signal Thrash --from 2024-01-01 --to 2099-01-01 --most 9",
    ),
    "replay show": ("{session}",),
    "retention show": ("",),
    "runs list": ("--status dead --most 9",),
    "spreads": (
        "--journey {journey} --from 2024-01-01 --to 2024-02-01 --by country",
        "--step {shop_step} --metric csat --segment {segment}",
    ),
    "segment list": ("",),
    "segment show": ("{segment}",),
    "survey list": ("",),
    "themes export": ("",),
    "themes list": ("", "--from 2024-01-01 --to 2025-01-01"),
    "survey show": ("{question}",),
    "workshop list": ("",),
    "workshop show": ("{workshop}",),
    "token list": ("",),
}
# A write key of another workspace is taken: keys are unique in the installation, and who knows a key may send with it.
CHANGING = {
    "article publish": ("{article}",),
    "article take-down": ("{article}",),
    "article write": ("{article} {text_md} --title {label} --locale en",),
    "attrition signals": ("",),
    "attrition thresholds": ("--set log_ins=4",),
    "attrition train": ("",),
    "belief judge": ("",),
    "belief seal": ("{belief}",),
    "belief write": (
        "--journey {journey} --step {step} --metric completion --value 0.5 --author team --seal",
        "--journey {shop} --step {step} --metric completion --value 0.5 --author team --tolerance 0.02",
        "--journey {shop} --step {shop_step} --metric completion --value 0.5 --author team --segment country={country}",
        "--journey {shop} --step {shop_step} --metric completion --value 0.5 --author team --range 0.4,0.6",
        "--journey {shop} --step {step} --metric completion --value 0.5 --author team --expected-gap 3",
        "--journey {shop} --step {step} --metric completion --value 0.5 --author team --stated-at 2024-01-01",
    ),
    "belief withdraw": ("{unsealed}",),
    "browsers set": (
        "--parts capture,replay --share 50 --replay-share 10 --scan-share 5 --show-text",
        "--query page --traits plan --properties shelf",
    ),
    "experiment apply": ("{experiment_toml}",),
    "experiment end": ("{experiment}",),
    "case claim": ("{case} --member {email}",),
    "case close": ("{case} --cause {label} --resolved --step {shop}/{shop_step}",),
    "case open": ("{other} --said {label} --team paramedics",),
    "case rota": ("{rota_toml}",),
    "channel add": ("github {channel} --set repository=a/b --set token=x",),
    "channel test": ("{channel}",),
    "channel remove": ("{channel}",),
    "fix apply": ("{fix_toml}",),
    "credit budget": ("--amount 600 --period-days 30",),
    "credit grant": ("{other} --amount 5 --month 20 --key own-key --signalled-at 2024-06-02T12:00:00",),
    "credit reverse": ("{credit} --reason {label}",),
    "themes arrange": ("{theme} --name other --keep", "{theme} --into {wider}", "{theme} --apart"),
    "themes find": ("",),
    "themes import": ("{themes_json}",),
    "survey apply": ("{survey_json} --publish",),
    "survey link": ("{question}", "{question} --person {other}"),
    "survey send": ("{question} {people_csv}",),
    "survey publish": ("{question}",),
    "survey close": ("{question}",),
    "demo build": ("--people 40 --seed 1 --days 40",),
    "demo open": ("--port 0",),
    "demo sign-in": ("",),
    "import events": (
        "{events_csv} --map person=user_id --const channel=web --timezone UTC --dry-run",
        "{events_csv} --mapping {mapping_toml} --time-format %Y-%m-%d --delimiter , --encoding utf-8 --decimal .",
        "{events_csv}",
    ),
    "import conversations": (
        "{messages_csv} --map topic=type --timezone UTC --dry-run",
        "{messages_csv} --mapping {messages_toml} --time-format %Y-%m-%d --delimiter , --encoding utf-8",
        "{messages_csv} --tool zammad",
    ),
    "import replay": ("{recording_json} --person {person} --dry-run", "{recording_json}"),
    "import survey": (
        "{answers_csv} --mapping {survey_toml} --timezone UTC --dry-run",
        "{answers_csv} --mapping {survey_toml} --time-format %Y-%m-%d --delimiter , --encoding utf-8 --decimal .",
    ),
    "journey apply": ("{journey_toml}",),
    "journey archive": ("{journey}",),
    "language post": ("--days 400",),
    "language hook": ("zendesk --secret {secret_txt}",),
    "language score": ("",),
    "language labels": ("--of sentiment", "--file {labels_csv}"),
    "language switch": ("{head} --why {label} --of sentiment",),
    "language train": ("",),
    "key create": ("--label {label}", "--key {new_key}"),
    "key revoke": ("{key}",),
    "member add": ("{email} --role viewer",),
    "member sign-in": ("{email} --role analyst",),
    "person need-consent": ("contact --needed",),
    "person consent": ("{person} --purpose contact --state denied",),
    "person unmerge": ("{merged}",),
    "person merge": ("{merged} {person}", "{person} {other}"),
    "person erase": ("{person}",),
    "phrase approve": ("{phrase} 2",),
    "phrase decline": ("{phrase} 3 --reason {label}",),
    "phrase propose": ("{phrase} {label} --tone legal --locale en --jargon x --used-in x --evidence x",),
    "phrase withdraw": ("{phrase} 1 --reason {label}",),
    "play apply": ("{play_toml}",),
    "play on": ("{play}",),
    "play off": ("{play}",),
    "retention set": ("events 30",),
    "retention run": ("",),
    "segment apply": ("{segment_toml}", "{reached_toml}"),
    "segment remove": ("{segment}",),
    "workshop create": ("{workshop_json}",),
    "workshop open": ("{unopened}",),
    "workshop slot": ("{workshop}",),
    "workshop send": ("{workshop} {people_csv}",),
    "workshop stop": ("{workshop}",),
    "token create": ("--label {label} --scope gaps:read",),
    "token revoke": ("{token}",),
    "import undo": ("{import_id}", "{survey}"),
}
CALLS = READING | CHANGING
REFUSED = {"demo build", "demo open", "demo sign-in", "channel test", "language post"}
"""Commands that are refused in a workspace with data of its own, or by a channel that leads nowhere."""


@dataclass(frozen=True)
class Spoken:
    """A command with its subcommand, as it is typed, and its parameters by name."""

    name: str
    click: Any

    @property
    def parameters(self) -> set[str]:
        return {one.name for one in self.click.params} - FRAMEWORK

    @property
    def json(self) -> str:
        """The option that asks for JSON, where there is one."""
        return "--json" if any("--json" in one.opts for one in self.click.params) else ""

    def given(self, call: str) -> set[str]:
        """The parameters that a call says something of."""
        options = {opt: one for one in self.click.params for opt in one.opts}
        arguments = [one.name for one in self.click.params if one.param_type_name == "argument"]
        found, words = set(), iter(call.split())
        for word in words:
            if word.startswith("-"):
                found.add(options[word].name)
                if not options[word].is_flag:
                    next(words)
            else:
                found.add(arguments.pop(0))
        return found


def commands() -> Iterator[Spoken]:
    for name, app in sorted(get_commands().items()):
        if not str(app).startswith("nousnous"):
            continue
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "In Typer, only the parameter", DeprecationWarning)
            command = load_command_class(app, name)
        click = command.typer_app and command.get_subcommand().click_command  # type: ignore[attr-defined]  # TyperCommand
        parts = getattr(click, "commands", {})
        if not parts:
            yield Spoken(name, click)
        for part, one in sorted(parts.items()):
            yield Spoken(f"{name} {part}", one)
