"""Types, parameters, progress, errors, text and statistics: what every other floor stands on."""
