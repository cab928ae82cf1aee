"""Mappings: pairs of the command line, expressions of a file, and what an expression may not do."""

import pytest
from tests.collector.imports.conftest import Write, bring, events_of

from nousnous.base.errors import Refused
from nousnous.collector.imports.engine import locked_engine
from nousnous.collector.imports.mapping import EventMapping, event_mapping
from nousnous.workspaces.models import Workspace

CSV = "InvoiceNo,Quantity,UnitPrice,InvoiceDate,Zip\n536365,2,1.5,2010-12-01 08:26,01234\nC7,-1,2,2010-12-01 08:27,\n"


def test_expressions_see_numbers_as_numbers_and_text_as_text(workspace: Workspace, write: Write) -> None:
    text = """
        event = "case when InvoiceNo like 'C%' then 'Order Refunded' else 'Order Completed' end"
        anonymous_id = "'invoice:' || InvoiceNo"
        revenue = "Quantity * UnitPrice"
        [properties]
        double = "Quantity * 2"
        place = "'zip ' || Zip"
        """
    bring(workspace, write("a.csv", CSV), text)
    bought, refunded = events_of(workspace)
    assert (bought["event"], bought["anonymous_id"], bought["revenue"]) == ("Order Completed", "invoice:536365", 3.0)
    assert (refunded["event"], refunded["order_id"], refunded["revenue"]) == ("Order Refunded", "C7", -2.0)
    assert bought["properties"] == '{"Quantity":"2","UnitPrice":"1.5","Zip":"01234","double":4,"place":"zip 01234"}'


def test_pairs_go_before_the_file_and_an_empty_expression_forbids_a_guess(workspace: Workspace, write: Write) -> None:
    mapping = event_mapping("event = \"'from file'\"\norder_id = ''\n[file]\nkeep = []")
    mapping = mapping.with_sources(["time=InvoiceDate", "zip=Zip"], "column").with_sources(["event=Bought"], "constant")
    bring(workspace, write("a.csv", CSV), mapping)
    row = events_of(workspace)[0]
    assert (row["event"], row["order_id"], row["properties"]) == ("Bought", None, '{"zip":"01234"}')


@pytest.mark.parametrize(
    "expression",
    [
        "(select content from read_text('/etc/hostname'))",
        "1; attach 'other.db'",
        "a) from raw; install httpfs; --",
        "InvoiceNo, Quantity",
        "*",
        "no_such_column",
        "workspace",
    ],
)
def test_an_expression_that_is_more_than_a_value_is_refused(
    workspace: Workspace, write: Write, expression: str
) -> None:
    with pytest.raises(Refused, match=r"field\.toml"):
        bring(workspace, write("a.csv", CSV), event_mapping(f'event = "{expression}"', "field.toml"))
    assert events_of(workspace) == []


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('{other}')",
        "FROM read_text('{other}')",
        "FROM '{other}'",
        "ATTACH '{other}.db'",
        "INSTALL httpfs",
        "COPY (SELECT 1) TO '{other}'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['{other}']",
        "SET lock_configuration = false",
        "FROM write",
    ],
)
def test_the_engine_of_expressions_reaches_one_file_and_no_setting(write: Write, statement: str) -> None:
    path, other = write("a.csv", CSV), write("other.csv", CSV)
    with locked_engine(path) as connection:
        assert len(connection.execute(f"FROM read_csv('{path}')").fetchall()) == 2
        with pytest.raises(Exception, match=r"disabled|locked|does not exist|Cannot"):
            connection.execute(statement.format(other=other))
    assert other.read_text() == CSV


@pytest.mark.parametrize("text", ["event = ", "event = ['a']", "[file]\nzone = 'UTC'", "[file]\ntimezone = 'Mars'"])
def test_a_mapping_that_says_nothing_sensible_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"m\.toml"):
        event_mapping(text, "m.toml")


def test_a_mapping_is_kept_as_it_was_meant() -> None:
    mapping = event_mapping("event = 'a'\n[properties]\nb = 'c'\n[file]\nkeep = ['d']").with_options(
        timezone="Asia/Tokyo"
    )
    assert EventMapping.from_dict(mapping.as_dict()).as_dict() == mapping.as_dict()


def test_an_imported_exposure_names_its_experiment_and_its_variant(workspace: Workspace, write: Write) -> None:
    lines = ["event,timestamp,user_id,experiment_id,variation_id"]
    lines += ["Experiment Viewed,2026-01-05,u1,short-form,a", "Product Added,2026-01-05,u1,other,b"]
    bring(workspace, write("exposures.csv", "\n".join(lines)))
    told = {row["event"]: (row["experiment"], row["variant"]) for row in events_of(workspace)}
    assert told == {"Experiment Viewed": ("short-form", "a"), "Product Added": (None, None)}
