"""The modules Gridline loads: each once, all in the real Asterisk, and none that opens a door."""

import pytest

from conf.pbxmodules import MODULES
from conf.settings import CHECKOUT
from conf.tools import NEEDED_MODULES, Tools

ELSEWHERE = {"codec_opus", "codec_opus_open_source"}
"""Two names of one codec, of which a distribution has one."""


def test_each_is_named_once() -> None:
    assert len(set(MODULES)) == len(MODULES)


def test_what_the_doctor_asks_for_is_loaded() -> None:
    assert set(NEEDED_MODULES) <= set(MODULES)


def test_nothing_runs_programs_or_files_at_a_callers_or_managers_word() -> None:
    doors = {"app_system", "func_shell", "func_env", "app_externalivr", "pbx_spool", "res_clioriginate", "app_disa",
             "func_curl", "app_originate", "pbx_realtime", "res_pjsip_endpoint_identifier_anonymous"}  # fmt: skip
    assert not doors & set(MODULES)


@pytest.mark.real
def test_the_real_asterisk_has_them() -> None:
    folder = Tools(CHECKOUT / "var").asterisk().modules
    missing = {name for name in MODULES if not (folder / f"{name}.so").exists()}
    assert missing < ELSEWHERE | {"res_websocket_client", "res_cdrel_custom"}  # new in 22
