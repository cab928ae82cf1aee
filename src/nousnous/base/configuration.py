"""The settings of an installation: `NOUS_*` in the environment, each with its help line.

This is the only place that reads the environment. `docs/reference/settings.md` is generated from it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from nousnous.base.errors import Refused


def setting(default: Any, help_line: str) -> Any:
    """Declare one setting with the sentence that explains it."""
    return field(default=default, metadata={"help": help_line})


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings; a field `home` is read from `NOUS_HOME`."""

    home: Path = setting(Path("var"), "Folder that holds everything of an embedded installation.")
    database: str = setting("", "Address of the records, `postgres://…`; empty for SQLite in the home folder.")
    lake: str = setting(
        "",
        "Where the facts at rest lie: a folder, or `s3://bucket/path`, reached with the keys, region and endpoint of "
        "`AWS_*`; empty for `lake` in the home folder.",
    )
    replays: str = setting(
        "",
        "Where recordings lie: a folder, or `s3://bucket/path` in production; empty for `replays` in the home folder.",
    )
    engine: str = setting(
        "duckdb",
        "What computes the measures: `duckdb`, embedded; `spark://host:port`, the master of a Spark cluster; or "
        "`sc://host:port`, what speaks Spark Connect, such as Sail.",
    )
    log_megabytes: int = setting(
        4096, "Most that may wait in the collector's log, in megabytes; above it clients are told to try again later."
    )
    secret_key: str = setting("", "Secret that signs sessions; empty for one made and kept in the home folder.")
    address: str = setting(
        "http://localhost:8000", "Public address of the site: links begin with it, and passkeys belong to its host."
    )
    debug: bool = setting(False, "Show errors in the browser; never on a public address.")
    mail: str = setting("", "Address of the mail server, `smtp://user:password@host:port`; empty prints mails.")
    mail_sender: str = setting("nous@localhost", "Sender of mails.")
    presidio: str = setting(
        "",
        "Pipelines of spaCy by which Presidio masks names in messages, such as `en_core_web_lg,de_core_news_lg`, "
        "folders, or `blank:en` for numbers alone (extra `presidio`); empty for our own rules.",
    )
    slack: str = setting("", "Address of what stands in Slack's place; empty for Slack itself.")
    private_addresses: bool = setting(
        False,
        "Let channels call private, loopback and plain http addresses, for trackers in your own network; never those "
        "at which clouds hand out keys.",
    )
    clock: str = setting(
        "",
        "For trying things out: `60@2026-11-28T09:00Z` lets time run 60 times as fast from that instant on; empty for "
        "the time that it is.",
    )
    oidc_issuer: str = setting("", "Address of an OpenID Connect provider for sign-in.")
    oidc_client_id: str = setting("", "Client id at the OpenID Connect provider.")
    oidc_client_secret: str = setting("", "Client secret at the OpenID Connect provider.")

    def __post_init__(self) -> None:
        if self.engine != "duckdb" and not re.fullmatch(r"(spark|sc)://[^\s/]+:\d+\S*", self.engine):
            raise Refused(f"NOUS_ENGINE is duckdb, spark://host:port or sc://host:port, and not “{self.engine}”.")
        if "://" in self.lake and not re.fullmatch(r"s3://[^\s/@]+(/[^\s]*)?", self.lake):
            scheme = self.lake.partition("://")[0]
            raise Refused(f"NOUS_LAKE is a folder or s3://bucket/path, and no address that begins with {scheme}://.")

    @property
    def lake_folder(self) -> str:
        return self.lake.rstrip("/") or str(self.home / "lake")

    @property
    def replays_address(self) -> str:
        return self.replays or str(self.home / "replays")


def load(environ: Mapping[str, str] | None = None) -> Configuration:
    """Read the settings; refuse a name that is not one.

    >>> load({"NOUS_ENGINE": "duckdb"}).engine
    'duckdb'
    """
    source = os.environ if environ is None else environ
    known = {f"NOUS_{item.name.upper()}": item for item in fields(Configuration)}
    given = {name: value for name, value in source.items() if name.startswith("NOUS_")}
    if unknown := sorted(given.keys() - known.keys() - {"NOUS_SKIP_BROWSER_BUILD"}):
        raise Refused(f"{unknown[0]} is no setting; settings are {', '.join(known)}.")
    return Configuration(
        **{known[name].name: _parse(name, known[name].default, value) for name, value in given.items() if name in known}
    )


def allows_plain_http() -> bool:
    """Whether a bucket may be asked without encryption: an endpoint that is written with http:// is meant so."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL", os.environ.get("AWS_ENDPOINT", ""))
    return endpoint.startswith("http://") or os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}


def _parse(name: str, default: Any, text: str) -> Any:
    if isinstance(default, bool):
        return text.lower() in {"1", "true", "yes", "on"}
    if isinstance(default, Path):
        return Path(text)
    try:
        return type(default)(text)
    except ValueError:
        raise Refused(f"{name} must be a whole number, such as {default}, and not “{text}”.") from None
