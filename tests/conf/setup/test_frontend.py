"""The pages' scripts: fetched by lock, bundled, put in place; no package's own scripts run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup import frontend
from conf.setup.place import Place
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import SetupTrouble
from conf.tools import Tools

ROOT = Path(__file__).resolve().parents[3]
# Stands in for npm: notes how it was called, lays out what the real one would.
NPM = r"""echo "$@" >> "$0.log"
mkdir -p node_modules/.bin node_modules/axe-core
echo axe > node_modules/axe-core/axe.min.js
printf '#!/bin/sh\nfor w in "$@"; do case $w in --outfile=*) echo jssip > "${w#--outfile=}";; esac; done\n' \
  > node_modules/.bin/esbuild
chmod +x node_modules/.bin/esbuild"""


@pytest.fixture
def tools(place: Place, tmp_path: Path) -> Tools:
    source = place.root / "conf" / "frontend"
    source.mkdir()
    for name in frontend.LOCKS:
        (source / name).write_text("{}")
    return Tools(place.var, {"PATH": str(tmp_path / "bin")}, sbin=())


def test_scripts_are_put_in_place_once(
    programs: Callable[..., Path], place: Place, step: Step, runner: Runner, tools: Tools
) -> None:
    asked = programs("npm", NPM) / "npm.log"
    assert frontend.ensure(place, step, runner, tools, {}) is True
    assert frontend.ensure(place, step, runner, tools, {}) is False
    static = place.var / "static"
    made = {str(f.relative_to(static)): f.read_text().strip() for f in static.rglob("*.*js")}
    assert made == {
        "vendor/jssip.min.js": "jssip",
        "vendor-app/mqtt.js": "jssip",
        "vendor-app/ed25519.js": "jssip",
        "vendor-test/axe.min.js": "axe",
        "vendor-test/oidc-provider.mjs": "jssip",
        "vendor-test/tus-js-client.mjs": "jssip",
        "vendor-test/mqtt-client.mjs": "jssip",
    }
    assert asked.read_text().splitlines() == ["ci --ignore-scripts --no-audit --no-fund"]
    assert not (place.var / "frontend").exists()


def test_a_changed_lock_fetches_again(
    programs: Callable[..., Path], place: Place, step: Step, runner: Runner, tools: Tools
) -> None:
    programs("npm", NPM)
    frontend.ensure(place, step, runner, tools, {})
    (place.root / "conf/frontend/package-lock.json").write_text('{"lockfileVersion": 3}')
    assert frontend.ensure(place, step, runner, tools, {}) is True


def test_an_unreachable_registry_is_one_line(
    programs: Callable[..., Path], place: Place, step: Step, runner: Runner, tools: Tools
) -> None:
    programs("npm", "echo 'npm ERR! code ECONNREFUSED'; exit 1")
    with pytest.raises(SetupTrouble, match="cannot be reached"):
        frontend.ensure(place, step, runner, tools, {})


def test_the_committed_lock_pins_by_hash_and_names_no_host() -> None:
    text = (ROOT / "conf/frontend/package-lock.json").read_text()
    packages = {name: p for name, p in json.loads(text)["packages"].items() if name}
    assert all(p["integrity"].startswith("sha512-") for p in packages.values())
    assert '"resolved"' not in text
    wanted = json.loads((ROOT / "conf/frontend/package.json").read_text())
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version
