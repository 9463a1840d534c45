"""A citizen's rating: once, on a closed case, one to five."""

import pytest

from schema.desk.errors import Refused
from schema.desk.ratings import rate, rate_case
from schema.ids import CaseId
from schema.orders import RateCase
from tests.schema.desk.casework import Office


def test_a_rating_is_on_the_case_and_in_its_history(desk: Office) -> None:
    case = desk.case("closed")
    order = RateCase(case=CaseId(case.id), score=4)
    for _ in range(2):
        with desk.store.work() as work:
            rate(work, order)
    rated = desk.look(case.id)
    assert (rated.state, rated.rating) == ("rated", 4) and rated.rated_at is not None
    last = desk.steps(case.id)[-1]
    assert (last.hop, last.by, last.detail) == ("case.rated", None, {"score": 4})
    assert [row.body["score"] for row in desk.said() if row.name == "CaseRated"] == [4]


@pytest.mark.parametrize("score", [0, 6, -1, 10**9])
def test_a_score_there_is_not_is_refused(desk: Office, score: int) -> None:
    case = desk.case("closed")
    with pytest.raises(Refused) as refused, desk.store.work() as work:
        rate_case(work, RateCase(case=CaseId(case.id), score=score))
    assert refused.value.field == "score"
    assert desk.look(case.id).rating is None


def test_a_second_rating_does_not_replace_the_first(desk: Office) -> None:
    case = desk.case("rated")
    with pytest.raises(Refused) as refused, desk.store.work() as work:
        rate_case(work, RateCase(case=CaseId(case.id), score=5))
    assert refused.value.code == "wrong-state"
    assert desk.look(case.id).rating == 1
