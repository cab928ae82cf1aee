"""Who has to contact us again after we called it resolved?

Reads events of contacts; makes next-contact avoidance with handling time and net cost beside it.
"""
