"""What one chooses about notices is kept, checked, and one's own."""

from schema.desk.notices import wishes_of
from schema.people import User
from schema.rules.notices import DEFAULT
from tests.backoffice.conftest import Town


def test_who_chose_nothing_sees_what_holds(town: Town) -> None:
    html = town.visit("worker").text("/me/notices")
    assert 'value="assigned" checked' in html and 'value="handled" data-testid="mail-handled"' in html


def test_what_is_chosen_is_kept_for_oneself_alone(town: Town) -> None:
    form = {
        "mail": "li@city.example",
        "mail_for": ["urge", "nothing"],
        "quiet_from": "22:00",
        "quiet_to": "07:30",
    }
    answer = town.visit("worker").post("/me/notices", form)
    assert answer.status_code == 303
    with town.store.read() as session:
        user = session.get_one(User, town.users["worker"].id)
        chosen = wishes_of(session, user.id)
        assert wishes_of(session, town.users["agent"].id) == DEFAULT
    assert (user.mail, chosen.mail, chosen.sms) == ("li@city.example", frozenset({"urge"}), frozenset())
    assert (chosen.quiet_from, chosen.quiet_to) == (1320, 450)
    html = town.visit("worker").text("/me/notices?kept=1")
    assert 'value="22:00"' in html and "已保存" in html


def test_what_makes_no_sense_is_said_and_stays_typed(town: Town) -> None:
    for form, words in (
        (
            {"mail": "li@city.example, eve@evil.example", "quiet_from": "00:00", "quiet_to": "00:00"},
            "邮箱地址不正确",
        ),
        ({"mail": "", "quiet_from": "25:00", "quiet_to": "00:00"}, "00:00"),
    ):
        answer = town.visit("agent").post("/me/notices", form)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 400 and words in html and form["mail"] in html
    with town.store.read() as session:
        assert session.get_one(User, town.users["agent"].id).mail == ""
