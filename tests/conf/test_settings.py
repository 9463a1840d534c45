"""Settings: defaults, then the file, then the environment; anything odd is refused and named."""

import tempfile
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf.services import Service
from conf.settings import BadSettings, Pbx, Settings
from conf.settingsfile import as_toml, load


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_anything_it_is_the_defaults_under_var(here: Path) -> None:
    settings = load(env={})
    assert settings == replace(Settings(), var=here / "var")
    assert settings.database_url == f"sqlite:///{here}/var/gridline.sqlite"
    assert settings.site.hotline == "12345"
    for folder in (settings.run, settings.spool, settings.vault, settings.tape, settings.prompts):
        assert folder.is_relative_to(here / "var")


def test_the_file_goes_over_the_defaults_and_the_environment_over_the_file(here: Path) -> None:
    (here / "gridline.toml").write_text(
        '[web]\nport = 8080\nthreads = 3\n[site]\nname = "杭州 12345"\nlanguages = ["zh", "ug"]\n', "utf-8"
    )
    settings = load(env={"GRIDLINE_WEB__PORT": "9090", "GRIDLINE_SITE__ZONE": "UTC", "PATH": "/bin"})
    assert (settings.web.port, settings.web.threads) == (9090, 3)
    assert (settings.site.name, settings.site.zone, settings.site.languages) == (
        "杭州 12345",
        "UTC",
        ("zh", "ug"),
    )


def test_what_the_site_was_laid_out_with_goes_over_the_file(here: Path) -> None:
    (here / "gridline.toml").write_text("[web]\nport = 0\nthreads = 3\n")
    (here / "var" / "run").mkdir(parents=True)
    (here / "var" / "run" / "site.toml").write_text("[web]\nport = 4321\n")
    settings = load(env={})
    assert (settings.web.port, settings.web.threads) == (4321, 3)


def test_a_file_that_is_named_is_the_only_one(here: Path) -> None:
    (here / "gridline.toml").write_text("[web]\nport = 1\nthreads = 3\n")
    (here / "other.toml").write_text("[web]\nport = 2\n")
    for settings in (
        load(here / "other.toml", {}),
        load(env={"GRIDLINE_SETTINGS": str(here / "other.toml")}),
    ):
        assert (settings.web.port, settings.web.threads) == (2, Settings().web.threads)


def test_a_named_file_that_is_not_there_is_said(here: Path) -> None:
    with pytest.raises(BadSettings, match="none.toml does not exist"):
        load(here / "none.toml", {})


def test_var_may_be_elsewhere(here: Path) -> None:
    assert load(env={"GRIDLINE_VAR": str(here / "else")}).var == here / "else"
    (here / "gridline.toml").write_text('var = "third"\n')
    assert load(env={}).var == here / "third"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[web]\nporf = 1\n", "gridline.toml: \\[web\\] has no setting 'porf'; it has .*port"),
        ("[wob]\nport = 1\n", "there is no section \\[wob\\]"),
        ("web = 1\n", "there is no section \\[web\\]"),
        ("[run]\nx = 1\n", "there is no section \\[run\\]"),
        ('[web]\nport = "many"\n', "\\[web\\] port = 'many' is not a whole number"),
        ("[web]\nport = true\n", "port = True is not a whole number"),
        ("[web]\nport = 80.5\n", "port = 80.5 is not a whole number"),
        ('[web]\nsecure_cookies = "maybe"\n', "secure_cookies = 'maybe' is not yes or no"),
        ("[site]\nname = 3\n", "name = 3 is not a text"),
        ("[site]\nlanguages = 3\n", "languages = 3 is not a list of texts"),
        ("[site]\nlanguages = [3]\n", "languages = .3. is not a list of texts"),
        ("[acd]\nbeat_every = []\n", "beat_every = \\[\\] is not a number"),
        ("[acd]\nbeat_every = nan\n", "beat_every = nan is not a number"),
        ("[web]\nport = 65536\n", "port = 65536 is no port"),
        ("[pbx]\nsip_port = -1\n", "sip_port = -1 is no port"),
        ("var = 3\n", "there is no section \\[var\\]"),
        ("[web\n", "gridline.toml: .*"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_place(here: Path, text: str, complaint: str) -> None:
    (here / "gridline.toml").write_text(text, "utf-8")
    with pytest.raises(BadSettings, match=complaint):
        load(env={})


def test_a_file_that_is_no_utf8_is_said(here: Path) -> None:
    (here / "gridline.toml").write_bytes(b'[site]\nname = "\xff"\n')
    with pytest.raises(BadSettings, match="gridline.toml"):
        load(env={})


def test_what_is_wrong_in_the_environment_is_named(here: Path) -> None:
    with pytest.raises(BadSettings, match=r"environment.*\[web\] port = 'x' is not a whole number"):
        load(env={"GRIDLINE_WEB__PORT": "x"})
    with pytest.raises(BadSettings, match="no setting 'porf'"):
        load(env={"GRIDLINE_WEB__PORF": "1"})


@pytest.mark.parametrize(
    ("word", "means"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("no", False)]
)
def test_the_environment_says_yes_and_no_in_words(here: Path, word: str, means: bool) -> None:
    assert load(env={"GRIDLINE_WEB__SECURE_COOKIES": word}).web.secure_cookies is means


def test_a_list_in_the_environment_is_parted_by_commas(here: Path) -> None:
    assert load(env={"GRIDLINE_SITE__LANGUAGES": "en, zh"}).site.languages == ("en", "zh")


def _values(kind: type[Any]) -> st.SearchStrategy[Any]:
    words = st.text(st.characters(codec="utf-8"))
    of = {
        int: st.integers(-(2**62), 2**62),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        str: words,
        tuple: st.lists(words).map(tuple),
    }
    ports = st.integers(0, 65_535)
    return st.builds(
        kind,
        **{
            f.name: ports if f.name.endswith("port") else of[type(getattr(kind(), f.name))]
            for f in fields(kind)
        },
    )


SECTIONS = {
    f.name: _values(type(getattr(Settings(), f.name)))
    for f in fields(Settings)
    if f.name not in ("var", "tools", "nodes", "services")
}
NODES = st.lists(_values(Pbx), max_size=2).map(
    lambda found: tuple(replace(pbx, node=f"further{n}") for n, pbx in enumerate(found))
)
SERVICES = st.lists(_values(Service), min_size=1, max_size=2).map(
    lambda found: tuple(replace(service, name=f"service{n}") for n, service in enumerate(found))
)
FOLDERS = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1).map(
    lambda name: Path("/") / name
)


@given(st.builds(Settings, var=FOLDERS, tools=FOLDERS, nodes=NODES, services=SERVICES, **SECTIONS))
def test_settings_written_as_toml_are_read_back_equal(settings: Settings) -> None:
    assert all(is_dataclass(getattr(settings, name)) for name in SECTIONS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "site.toml"
        file.write_text(as_toml(settings), "utf-8", newline="")
        assert load(file, {}) == settings


def test_services_are_tables_in_the_order_of_their_keys(here: Path) -> None:
    (here / "gridline.toml").write_text(
        '[services.hotline]\nzh = "热线"\n[services.water]\nqueue = "water"\nwants = "pipes:3"\nfirst = ["0571* 3"]\n',
        "utf-8",
    )
    settings = load(env={})
    assert [(one.name, one.label("en"), settings.queue_of(one)) for one in settings.services] == [
        ("hotline", "热线", "hotline"),
        ("water", "water", "water"),
    ]
    assert settings.queues == ("hotline", "water")
    assert settings.services[1].first == ("0571* 3",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[services.Water]\n", "small Latin letters"),
        ("[services]\nwater = 1\n", "has tables, one a service"),
        ("[services.water]\nretry = 1\n", "has no setting 'retry'; it has .*retries"),
        ("[services]\n", "has no service"),
    ],
)
def test_an_odd_service_is_refused(here: Path, text: str, complaint: str) -> None:
    (here / "gridline.toml").write_text(text)
    with pytest.raises(BadSettings, match=complaint):
        load(env={})
