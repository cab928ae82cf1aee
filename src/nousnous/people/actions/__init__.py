"""The verbs of people: observe who meets whom, merge, decide on consent, export, erase."""
