"""A mentor leaves a pair: what becomes of requests, weeks and planned meetings."""
