"""Asterisk's configuration as it is rendered: read back by another's reader of the format, and what it refuses."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conf.checks_services import ConfigurationFile
from conf.pbxmodules import MODULES
from conf.render import TEMPLATES, fill, modules_of, render_asterisk, values_for
from conf.settings import BadSettings, Settings
from conf.tools import Asterisk


class Conf(ConfigurationFile):
    """pyst2's reader of one rendered file, with a section's values at hand."""

    def section(self, name: str) -> list[tuple[str, str]]:
        """The (name, value) pairs of all sections of that name."""
        return [
            (item.name.strip(), item.value.removeprefix(">").strip())
            for category in self.categories
            if category.name == name
            for item in category.items
        ]


@pytest.fixture
def tool(tmp_path: Path) -> Asterisk:
    """An Asterisk installation with all modules but one."""
    modules = tmp_path / "modules"
    modules.mkdir()
    for name in MODULES[:-1]:
        (modules / f"{name}.so").touch()
    return Asterisk(Path("/usr/sbin/asterisk"), "22.1.0", modules, tmp_path / "share", bundled=False)


@pytest.fixture
def etc(site: Settings, tool: Asterisk) -> Path:
    """Where a site's configuration was rendered."""
    return render_asterisk(site, tool).parent


def changed(laid: Settings, **sections: dict[str, Any]) -> Settings:
    """The settings with some fields changed."""
    return replace(
        laid, **{name: replace(getattr(laid, name), **values) for name, values in sections.items()}
    )


def test_every_file_is_read_by_another_reader_and_has_no_name_left(etc: Path) -> None:
    files = sorted(etc.glob("*.conf"))
    assert {f.name for f in files} == {f.name for f in TEMPLATES.glob("*.conf")}
    for file in files:
        Conf(str(file))
        assert not re.search(r"@[a-z_]+@", file.read_text()), file.name


def test_only_the_owner_reads_the_secrets(etc: Path) -> None:
    assert {f.stat().st_mode & 0o077 for f in etc.glob("*.conf")} == {0}
    assert etc.parent.stat().st_mode & 0o077 == 0


def test_the_folders_are_there_and_named(site: Settings, tool: Asterisk, etc: Path) -> None:
    said = dict(Conf(str(etc / "asterisk.conf")).section("directories"))
    assert said, "a (!) behind [directories] would make Asterisk ignore it"
    for name in ("astetcdir", "astvarlibdir", "astspooldir", "astrundir", "astlogdir"):
        assert Path(said[name]).is_dir() and Path(said[name]).is_relative_to(site.var.absolute())
    assert said["astdatadir"] == str(tool.data)


def test_management_listens_on_the_loopback_with_least_rights(site: Settings, etc: Path) -> None:
    manager = Conf(str(etc / "manager.conf"))
    assert dict(manager.section("general"))["bindaddr"] == "127.0.0.1"
    assert dict(Conf(str(etc / "http.conf")).section("general"))["bindaddr"] == "127.0.0.1"
    ears, mouth = dict(manager.section("ears")), dict(manager.section("mouth"))
    assert (ears["secret"], ears["write"]) == (site.pbx.ears_secret, "")
    assert (mouth["secret"], mouth["read"]) == (site.pbx.mouth_secret, "")
    assert not set(mouth["write"].split(",")) & {"system", "command", "config", "all", "dialplan"}
    assert {c.name for c in manager.categories} == {"general", "ears", "mouth"}


def test_nobody_is_known_by_what_they_claim(etc: Path) -> None:
    pjsip = Conf(str(etc / "pjsip.conf"))
    assert dict(pjsip.section("global"))["endpoint_identifier_order"] == "auth_username"
    assert ("identify_by", "auth_username") in pjsip.section("carrier")
    assert "anonymous" not in {c.name for c in pjsip.categories}
    modules = (etc / "modules.conf").read_text()
    assert "anonymous" not in modules and "identifier_ip" not in modules
    # See conf/pbxmodules.py: it would put line breaks from SIP into AMI events.
    assert "res_pjsip_caller_id" not in modules


def test_the_carrier_meets_one_number(site: Settings, etc: Path) -> None:
    text = (etc / "extensions.conf").read_text()
    section = text.split("[from-carrier]\n")[1].split("\n[")[0]
    assert re.findall(r"^exten => ([^,]+),", section, re.MULTILINE) == [site.site.hotline]
    seats = text.split("[from-seat]\n")[1].split("\n[")[0]
    assert "exten" not in seats and "include" not in seats


def test_only_modules_that_are_there_are_loaded(tool: Asterisk, etc: Path) -> None:
    loads = [value for name, value in Conf(str(etc / "modules.conf")).section("modules") if name == "load"]
    assert loads == [f"{name}.so" for name in MODULES[:-1]]
    assert list(modules_of(tool.modules)) == [f"load = {name}" for name in loads]


def test_rtp_stays_in_its_range_and_ice_on_the_loopback(site: Settings, etc: Path) -> None:
    rtp = Conf(str(etc / "rtp.conf"))
    general = dict(rtp.section("general"))
    assert int(general["rtpstart"]) == site.pbx.rtp_low
    assert int(general["rtpend"]) == site.pbx.rtp_low + site.pbx.rtp_count - 1
    for hidden, shown in rtp.section("ice_host_candidates"):
        assert not hidden.startswith("127.") and shown == "127.0.0.1"


def test_ice_is_left_alone_where_the_pbx_is_reached_from_outside(site: Settings, tool: Asterisk) -> None:
    assert values_for(changed(site, pbx={"host": "192.0.2.10"}), tool)["ice"] == ""
    assert values_for(changed(site, pbx={"host": "pbx.example"}), tool)["ice"] == ""


@pytest.mark.parametrize(("stale", "looks"), [(2, "1"), (4, "2"), (5, "3"), (6, "3")])
def test_a_stale_beat_is_counted_in_looks(site: Settings, tool: Asterisk, stale: int, looks: str) -> None:
    assert values_for(changed(site, acd={"beat_stale": stale}), tool)["stale_looks"] == looks


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("site", "hotline", "12345;x"),
        ("site", "hotline", "_X."),
        ("site", "hotline", ""),
        ("site", "languages", ()),
        ("site", "languages", ("zh\n[evil]",)),
        ("acd", "queue", "a,b"),
        ("acd", "ring_timeout", 0),
        ("acd", "beat_stale", 1),
        ("pbx", "host", "0.0.0.0\nwrite=all"),
        ("pbx", "trunk_host", "h;x"),
        ("pbx", "trunk_host", "h>,<sip:evil"),
        ("pbx", "trunk_user", "car rier"),
        ("pbx", "trunk_user", "seat101"),
        ("pbx", "trunk_user", "carrier-out"),
        ("pbx", "ears_secret", "line\nwrite = all"),
        ("pbx", "mouth_secret", "semi;colon"),
        ("pbx", "ari_secret", "short"),
        ("pbx", "trunk_secret", ""),
        ("pbx", "sip_port", 0),
        ("pbx", "ami_port", 70000),
        ("pbx", "rtp_count", 100_000),
    ],
)
def test_a_value_asterisk_would_read_otherwise_is_refused_by_name(
    site: Settings, tool: Asterisk, section: str, field: str, value: object
) -> None:
    with pytest.raises(BadSettings) as error:
        render_asterisk(changed(site, **{section: {field: value}}), tool)
    assert field in str(error.value)
    if "secret" in field and value:
        assert str(value) not in str(error.value), "a secret must not be printed"


@pytest.mark.parametrize(
    "folder", ["semi;colon", "two\nlines", "quo'te", "dol$lar", "com,ma", "x" * 200, "[x]"]
)
def test_a_folder_asterisk_cannot_name_is_refused(site: Settings, tool: Asterisk, folder: str) -> None:
    with pytest.raises(BadSettings):
        render_asterisk(replace(site, var=site.var / folder), tool)


def test_a_folder_with_spaces_and_letters_of_any_script_will_do(site: Settings, tool: Asterisk) -> None:
    var = site.var / "my site 市民"
    assert render_asterisk(replace(site, var=var), tool).is_file()
    spool = str((var / "spool" / "recordings").absolute())
    assert f"GRIDLINE_SPOOL = {spool}\n" in (var / "run/asterisk/etc/extensions.conf").read_text()


def test_rendering_again_replaces_and_clears(site: Settings, tool: Asterisk, etc: Path) -> None:
    (etc / "left_over.conf").touch()
    again = render_asterisk(changed(site, acd={"wrap_up": 77}), tool).parent
    assert again == etc and not (etc / "left_over.conf").exists()
    assert ("wrapuptime", "77") in Conf(str(etc / "queues.conf")).section("hotline")


def test_a_template_cannot_name_what_has_no_value() -> None:
    assert fill("a @x@ ${y} user@host", {"x": "1"}) == "a 1 ${y} user@host"
    with pytest.raises(BadSettings, match="@z@"):
        fill("@z@", {})
