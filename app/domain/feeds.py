"""The calendar link of one mentor: weeks and planned meetings, without a name or a place."""
