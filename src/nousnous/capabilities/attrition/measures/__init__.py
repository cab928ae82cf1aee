"""Pure measures of who fades."""
