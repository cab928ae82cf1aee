"""Pages of who fades, and of who is likely to leave."""
