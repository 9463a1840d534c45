from dataclasses import replace

from conf.settings import Settings
from demo.city import SKILLS
from demo.services import SERVICES
from schema.services import levels, services_of


def test_the_demo_services_can_be_and_somebody_has_what_they_want() -> None:
    services = services_of(replace(Settings(), services=SERVICES))
    assert [one.name for one in services] == ["hotline", "water", "affairs"]
    for service in services:
        assert any(
            all(levels(skills).get(name, 0) >= least for name, least in service.wants)
            for _, skills in SKILLS.values()
        )
