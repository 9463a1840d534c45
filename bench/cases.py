"""Many cases, made once and kept: `CASES=10000000 make bench B=cases`, a million without; see `bench.rig.casestore`.

Prints how fast they were made and what they weigh; run again, it goes on where it was cut off.
"""

import os
import time

from bench.rig.casestore import TABLES, cases_postgres, connect, filled


def run() -> dict[str, float]:
    """All figures of the bench."""
    total = int(os.environ.get("CASES", "1000000"))
    began = time.monotonic()
    with cases_postgres() as server:
        url = filled(server, total, lambda told: print(told, flush=True))
        with connect(url) as on:
            sizes = {
                table: on.execute(f"SELECT pg_total_relation_size('{table}')").fetchone() for table in TABLES
            }
            words = on.execute("SELECT pg_relation_size('ix_case_words_words')").fetchone()
    figures = {f"{table}_mb": round(size[0] / 1e6, 1) for table, size in sizes.items() if size}
    return {"cases": total, "took_s": round(time.monotonic() - began, 1), **figures,
            "words_index_mb": round(words[0] / 1e6, 1) if words else 0}  # fmt: skip
