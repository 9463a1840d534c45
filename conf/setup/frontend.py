"""The scripts of the pages: taken from npm by lock, bundled into var/static; none is committed."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from conf.setup.place import Place, mark
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.tools import Tools

STEP = "frontend"
LOCKS = ("package.json", "package-lock.json")
# JsSIP comes as CommonJS alone: bundled into one script that sets the global `JsSIP`.
JSSIP = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=JsSIP",
    "--legal-comments=eof",
    "--log-level=warning",
)
# For the handset app, as modules: MQTT over WebSocket, and signatures where the browser has no Ed25519 of its own.
MODULE = (
    "--bundle",
    "--minify",
    "--format=esm",
    "--platform=browser",
    "--target=es2022",
    "--legal-comments=eof",
    "--log-level=warning",
)
MODULES = {"mqtt": "mqtt.js", "@noble/ed25519": "ed25519.js"}
# For the tests, each in one file for node: a real OpenID provider, strangers' clients for tus and MQTT.
PROGRAMS = {
    "oidc-provider": "oidc-provider.mjs",
    "tus-js-client": "tus-js-client.mjs",
    "mqtt": "mqtt-client.mjs",
}
PROGRAM = (
    "--bundle",
    "--platform=node",
    "--format=esm",
    '--banner:js=import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    "--legal-comments=eof",
    "--log-level=warning",
)
# From a package's file to its place below var/static.
COPIED = {
    "axe-core/axe.min.js": "vendor-test/axe.min.js",
}


def ensure(place: Place, step: Step, runner: Runner, tools: Tools, env: Mapping[str, str]) -> bool:
    """Fetch and bundle; whether there was anything to do. Raises SetupTrouble."""
    source = place.root / "conf" / "frontend"
    static = place.var / "static"
    now = mark_of(place.root)
    if place.is_current(STEP, now, static / "vendor" / "jssip.min.js"):
        return False
    work = place.var / "frontend"
    work.mkdir(parents=True, exist_ok=True)
    for name in LOCKS:
        shutil.copyfile(source / name, work / name)
    step.say("fetching and bundling …")
    cache = {} if "npm_config_cache" in env else {"npm_config_cache": str(place.cache / "npm")}
    # No package's own scripts run: nothing of ours needs them, and a stranger's might.
    runner([tools.npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=work, env=cache)
    for folder in ("vendor", "vendor-app", "vendor-test"):
        (static / folder).mkdir(parents=True, exist_ok=True)
    bundled = static / "vendor" / "jssip.min.js"
    fresh = work / "jssip.min.js"
    runner([work / "node_modules/.bin/esbuild", "jssip", *JSSIP, f"--outfile={fresh}"], cwd=work)
    for package, name in PROGRAMS.items():
        made = work / name
        runner([work / "node_modules/.bin/esbuild", package, *PROGRAM, f"--outfile={made}"], cwd=work)
        _put(made, static / "vendor-test" / name)
    for package, name in MODULES.items():
        made = work / name
        runner([work / "node_modules/.bin/esbuild", package, *MODULE, f"--outfile={made}"], cwd=work)
        _put(made, static / "vendor-app" / name)
    for taken, put in COPIED.items():
        _put(work / "node_modules" / taken, static / put)
    _put(fresh, bundled)
    shutil.rmtree(work)
    place.keep(STEP, now)
    step.done("in " + str(static.relative_to(place.var.parent)))
    return True


def mark_of(root: Path) -> str:
    """Changes when the scripts must be made again."""
    return mark(
        [root / "conf" / "frontend" / name for name in LOCKS],
        *JSSIP,
        *MODULE,
        *MODULES,
        *MODULES.values(),
        *PROGRAM,
        *PROGRAMS,
        *PROGRAMS.values(),
        *COPIED,
        *COPIED.values(),
    )


def _put(source: Path, target: Path) -> None:
    """Copy so that a page that is being served never sees half a script."""
    half = target.with_name(target.name + ".new")
    shutil.copyfile(source, half)
    half.replace(target)
