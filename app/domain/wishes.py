""""Jeg vil stoppe eller skifte": a mentor's wish to the leader."""
