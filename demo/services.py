"""The demo city's services behind 12345: the hotline itself, water, and government affairs."""

from conf.services import Service

SERVICES = (
    Service("hotline", zh="市民热线", en="the city hotline", ug="شەھەر قىزىق لىنىيەسى"),
    Service(
        "water", zh="供水服务", en="water", ug="سۇ مۇلازىمىتى", queue="water", wants="water:3", overflow_to="hotline",
        overflow_after=120, callback_after=60,
    ),
    Service(
        "affairs", zh="政务服务", en="government affairs", ug="ھۆكۈمەت ئىشلىرى", queue="affairs", wants="affairs:3",
        workdays="08:30-12:00 13:30-17:30", when_closed="queue:hotline",
    ),
)  # fmt: skip
