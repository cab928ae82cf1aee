"""Journey files that tests change here and there."""

SHOP = """\
# The web shop
[journey]
id = "shop"
name = "Web shop"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "checkout"
name = "Checkout"
stage = "purchase"
channel = "web"
owner = "shop team"
starts = { event = "shipping_details" }
completes = { event = "purchase" }
fails = [{ event = "payment_error" }, { event = "error_page" }]
within = "30m"
"""

BELIEF = """
[[belief]]
step = "checkout"
metric = "completion"
value = 0.70
tolerance = 0.02
range = [0.62, 0.78]
expected_gap = 5.0
author = "shop team"
stated_at = 2024-01-01T00:00:00Z
"""
