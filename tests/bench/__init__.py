"""The bench: what the app costs, as multiples of a floor measured in the same run."""
