"""A laid-out site has every port and secret, keeps what was chosen, and can be read back by another process."""

import dataclasses
import socket
import stat
from pathlib import Path

import pytest

from conf.layout import PortTaken, lay_out, site_file
from conf.settings import Pbx, Settings, Web
from conf.settingsfile import load


def test_every_port_and_secret_is_filled_and_ports_differ(tmp_path: Path) -> None:
    laid = lay_out(Settings(var=tmp_path))
    pbx = laid.pbx
    ports = [
        pbx.sip_port,
        pbx.http_port,
        pbx.ami_port,
        pbx.agi_port,
        pbx.trunk_port,
        laid.broker.port,
        laid.web.port,
    ]
    assert all(ports) and len(set(ports)) == len(ports)
    secrets = [pbx.ears_secret, pbx.mouth_secret, pbx.ari_secret, pbx.trunk_secret, laid.broker.secret]
    assert all(len(secret) >= 24 for secret in secrets) and len(set(secrets)) == len(secrets)
    assert pbx.rtp_low % 2 == 0


def test_another_process_reads_the_same_settings_and_nobody_else_can(tmp_path: Path) -> None:
    laid = lay_out(Settings(var=tmp_path))
    file = site_file(laid)
    assert load(file, env={}) == laid
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_chosen_is_kept(tmp_path: Path) -> None:
    chosen = Settings(var=tmp_path, pbx=Pbx(ears_secret="mine"), web=Web(threads=3))
    laid = lay_out(chosen)
    assert laid.pbx.ears_secret == "mine" and laid.web.threads == 3
    assert lay_out(laid) == laid


def test_a_taken_port_is_told_with_its_setting(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        settings = Settings(var=tmp_path, web=dataclasses.replace(Web(), port=port))
        with pytest.raises(PortTaken, match=rf"port {port} \(web.port\).*GRIDLINE_WEB__PORT"):
            lay_out(settings)
