"""The distribution's packages: only the missing are installed, as root, and nothing is left running."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup import debian
from conf.setup.debian import NEEDS, Need
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import SetupTrouble
from conf.tools import Tools

BROKER = Need("mosquitto", "run", "the broker", Tools.mosquitto, ("mosquitto.service",))
PHONE = Need("baresip", "demo", "the telephone", Tools.baresip)
# Stands in for apt-get: what it is asked to install appears as a program beside it.
APT_GET = """echo "$@" >> "$0.log"
[ "$1" = install ] || exit 0
for word in "$@"; do case $word in mosquitto|baresip)
  printf '#!/bin/sh\\n' > "$(dirname "$0")/$word"; chmod +x "$(dirname "$0")/$word";; esac; done"""


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return Tools(tmp_path / "var", {"PATH": str(tmp_path / "bin")}, sbin=())


def test_nothing_is_done_or_said_when_all_is_there(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step, out: io.StringIO
) -> None:
    programs("mosquitto")
    assert debian.ensure(step, runner, tools, needs=[BROKER]) is False
    assert out.getvalue() == ""


def test_only_the_missing_is_installed_and_the_reason_told(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step, out: io.StringIO, tmp_path: Path
) -> None:
    programs("baresip")
    asked = programs("apt-get", APT_GET) / "apt-get.log"
    done = debian.ensure(step, runner, tools, needs=[BROKER, PHONE], euid=0, systemd=tmp_path / "none")
    assert done is True
    assert asked.read_text().splitlines() == ["update -q", "install -y -q --no-install-recommends mosquitto"]
    assert "mosquitto (the broker)" in out.getvalue()


def test_without_root_or_sudo_one_line_gives_the_command(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step
) -> None:
    programs("apt-get", APT_GET)
    with pytest.raises(SetupTrouble) as caught:
        debian.ensure(step, runner, tools, needs=[BROKER, PHONE], euid=1000)
    assert str(caught.value).endswith(
        "as root, run: apt-get install --no-install-recommends mosquitto baresip"
    )
    assert "\n" not in str(caught.value)


def test_what_is_only_for_looks_stops_nobody(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step, out: io.StringIO
) -> None:
    programs("apt-get", APT_GET)
    letters = Need("fonts-x", "demo", "letters", Tools.baresip, optional=True)
    assert debian.ensure(step, runner, tools, needs=[letters], euid=1000) is False
    assert "going on without fonts-x; as root, run: apt-get install" in out.getvalue()
    with pytest.raises(SetupTrouble):
        debian.ensure(step, runner, tools, needs=[letters, BROKER], euid=1000)


def test_an_ordinary_user_goes_through_sudo(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step, tmp_path: Path
) -> None:
    programs("apt-get", APT_GET)
    asked = programs("sudo", 'echo "$@" >> "$0.log"; [ "$1" = -n ] || exec "$@"') / "sudo.log"
    assert debian.ensure(step, runner, tools, needs=[BROKER], euid=1000, systemd=tmp_path / "none")
    assert "apt-get install -y -q --no-install-recommends mosquitto" in asked.read_text()


def test_a_newly_installed_service_is_ended_and_said(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step, out: io.StringIO, tmp_path: Path
) -> None:
    programs("apt-get", APT_GET)
    asked = programs("systemctl", 'echo "$@" >> "$0.log"') / "systemctl.log"
    debian.ensure(step, runner, tools, needs=[BROKER, PHONE], euid=0, systemd=tmp_path)
    assert asked.read_text() == "disable --now mosquitto.service\n"
    assert "stopped mosquitto.service" in out.getvalue()


def test_a_service_that_was_there_before_is_left_alone(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step, tmp_path: Path
) -> None:
    programs("apt-get", APT_GET)
    programs("mosquitto")
    asked = programs("systemctl", 'echo "$@" >> "$0.log"') / "systemctl.log"
    debian.ensure(step, runner, tools, needs=[BROKER, PHONE], euid=0, systemd=tmp_path)
    assert not asked.exists()


def test_an_unreachable_mirror_is_one_line(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step
) -> None:
    programs("apt-get", "echo 'E: Failed to fetch x  Temporary failure resolving y'; exit 100")
    with pytest.raises(SetupTrouble, match="cannot be reached"):
        debian.ensure(step, runner, tools, needs=[BROKER], euid=0)


def test_a_package_that_brings_no_working_program_is_told(
    programs: Callable[..., Path], tools: Tools, runner: Runner, step: Step
) -> None:
    programs("apt-get", "exit 0")
    with pytest.raises(SetupTrouble, match="mosquitto was installed and still does not work"):
        debian.ensure(step, runner, tools, needs=[BROKER], euid=0)


def test_a_machine_without_apt_is_told_what_it_lacks(tools: Tools, runner: Runner, step: Step) -> None:
    with pytest.raises(SetupTrouble, match="no apt-get and lacks mosquitto, baresip"):
        debian.ensure(step, runner, tools, needs=[BROKER, PHONE], euid=0)


def test_every_package_says_why_and_belongs_to_a_group() -> None:
    assert all(need.why and need.group in ("run", "demo", "test") for need in NEEDS)
    assert len({need.package for need in NEEDS}) == len(NEEDS)
