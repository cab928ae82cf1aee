"""What every floor may use: the clock, errors, identifiers, money, configuration."""
