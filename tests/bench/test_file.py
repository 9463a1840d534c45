"""The file bench: both sides leave the same rows."""

import pytest

from bench import file


@pytest.mark.real
def test_it_prints_every_figure_that_is_documented_and_both_sides_leave_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EACH", "2")
    monkeypatch.setattr(file, "WRITERS", 2)
    monkeypatch.setattr(file, "ROUNDS", 1)
    counts: list[dict[str, int]] = []
    insert = file._insert

    def counted(url: str, cases: list[list[file.Row]], writers: int) -> float:
        took = insert(url, cases, writers)
        with file._connect(url) as on:
            counts.append({t: on.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in file.TABLES})  # type: ignore[index]
        counts.append({t: sum(row[0] == t for case in cases for row in case) for t in file.TABLES})
        return took

    monkeypatch.setattr(file, "_insert", counted)
    figures = file.run()
    assert counts[0] == counts[1] and counts[0]["cases"] == 4 and min(counts[0].values()) > 0
    assert figures.keys() == {"x_bare_insert", "filed_per_s", "bare_per_s", "rows_per_case"}
    assert figures["x_bare_insert"] > 0
