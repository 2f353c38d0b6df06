"""What was observed: tables of measurements as series, and a past season laid over the periods of a basin."""
