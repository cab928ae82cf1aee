"""Events as they are kept: one row is one thing a person did or that happened to them."""

from nousnous.facts.columns import Column, Table

IDENTITY = (
    Column("user_id", "text", "Known id of the person, if the event carried one.", identifies=True),
    Column("anonymous_id", "text", "Anonymous id of the browser or device, if any.", identifies=True),
    Column(
        "identity_key",
        "integer",
        "Keyed 64-bit hash of the known id, else of the anonymous id; null without a person.",
    ),
)

LANDED = Column(
    "landed_us",
    "integer",
    "When it was appended: strictly rises with each commit of a workspace, so a reader knows what is new.",
)

PROMOTED = (
    Column("screen", "text", "Path of the page or name of the screen."),
    Column("element", "text", "Selector or name of the element that was used."),
    Column("country", "text", "Country of the person at the event."),
    Column("channel", "text", "Channel, such as web, app, store, phone."),
    Column("platform", "text", "Platform or device class, such as desktop or ios."),
    Column("session_id", "text", "Session the client named.", identifies=True),
    Column("order_id", "text", "Order, for commerce events."),
    Column("return_id", "text", "Return, for return events."),
    Column("product_id", "text", "Product, for commerce events."),
    Column("topic", "text", "Topic of a contact."),
    Column("campaign", "text", "Campaign (utm_campaign) the visit came from."),
    Column("currency", "text", "ISO code of the currency."),
    Column("revenue", "number", "Revenue without shipping and tax."),
    Column("total", "number", "Total with shipping and tax."),
    Column("customer_minutes", "number", "Minutes a contact cost the customer."),
    Column("handling_minutes", "number", "Minutes a contact cost the company."),
)

EXPOSURE = "Experiment Viewed"
EXPERIMENT_ID, VARIATION_ID = "experiment_id", "variation_id"

ASSIGNED = (
    Column("experiment", "text", "Experiment that the person was assigned in (experiment_id), of `Experiment Viewed`."),
    Column("variant", "text", "Arm that the person was assigned to (variation_id), of `Experiment Viewed`."),
)

EVENTS = Table(
    "events",
    2,
    "One thing a person did or that happened to them (Segment spec).",
    (
        Column("message_id", "text", "The client's id of the event, or one made from its content.", identifies=True),
        Column("message_key", "integer", "64-bit hash of the message id; one event per message id in a workspace."),
        Column("type", "text", "track, page, screen, identify, group or alias."),
        Column("event", "text", "Name of the event in the product's words."),
        Column("raw_event", "text", "Name of the event as it was sent."),
        Column("ts_us", "integer", "When it happened: microseconds since 1970 UTC, corrected by the client's clock."),
        Column("received_us", "integer", "When it arrived."),
        LANDED,
        *IDENTITY,
        *PROMOTED,
        *ASSIGNED,
        Column("properties", "text", "Everything else that was sent, as JSON text.", identifies=True),
        Column("source", "text", "Write key's id or import's id that brought the event."),
    ),
)

LINKS = Table(
    "links",
    1,
    "Which identity belongs to which person: a log whose newest row counts; unmerging links an identity to itself.",
    (
        Column("identity_key", "integer", "The identity."),
        Column("target_key", "integer", "The identity it was tied to."),
        Column("person_key", "integer", "The person it belongs to: the target followed to the end."),
        Column("previous_id", "text", "The id that was tied.", identifies=True),
        Column("known_id", "text", "The known id that it was tied to.", identifies=True),
        Column("moment_us", "integer", "When both ids met; an anonymous id belongs to the first known id it meets."),
        Column(
            "reason",
            "text",
            "event, alias, person (a member decided), unmerge or undone (the import that tied it).",
        ),
        LANDED,
    ),
    time=None,
)

RETRACTIONS = Table(
    "retractions",
    1,
    "Where events were taken away again (an import undone, a person erased, retention): readers redo these spans.",
    (
        Column("identity_key", "integer", "The identity whose events were taken away."),
        Column("from_us", "integer", "First moment taken away."),
        Column("to_us", "integer", "Last moment taken away."),
        LANDED,
    ),
    time=None,
)
