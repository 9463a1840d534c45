"""The settings file: read with the environment into one `Settings`, and written for the other processes of a site."""

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from conf.services import Service
from conf.settings import CHECKOUT, BadSettings, Pbx, Settings

SERVICE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
KINDS = {
    bool: "yes or no",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple[str, ...]: "a list of texts",
}


def load(file: Path | None = None, env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. `file` (or ``GRIDLINE_SETTINGS``) must exist when named; the default ones need not.

    Raises BadSettings, naming the file or variable.
    """
    var = Path(env.get("GRIDLINE_VAR", "var")).absolute()
    named = file or (Path(env["GRIDLINE_SETTINGS"]) if env.get("GRIDLINE_SETTINGS") else None)
    if named and not named.is_file():
        raise BadSettings(f"settings file {named} does not exist; name another with GRIDLINE_SETTINGS")
    settings = Settings(var=var, tools=var if (var / "tools").is_dir() else CHECKOUT / "var")
    for path in [named] if named else [Path("gridline.toml"), var / "run" / "site.toml"]:
        if path.is_file():
            settings = _with_tables(settings, _read(path), str(path))
    tables: dict[str, dict[str, str]] = {}
    for name, value in env.items():
        section, mark, key = name.removeprefix("GRIDLINE_").partition("__")
        if name.startswith("GRIDLINE_") and mark:
            tables.setdefault(section.lower(), {})[key.lower()] = value
    return _with_tables(settings, tables, "the environment (GRIDLINE_…)")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from error


def _with_tables(settings: Settings, tables: Mapping[str, Any], where: str) -> Settings:
    for section, values in tables.items():
        if section in ("var", "tools") and isinstance(values, str):
            changed: Any = {section: Path(values).absolute()}
            settings = replace(settings, **changed)
            continue
        if section == "services" and isinstance(values, Mapping):
            settings = replace(settings, services=_services(values, where))
            continue
        if section == "nodes" and isinstance(values, Mapping):
            settings = replace(settings, nodes=_nodes(settings, values, where))
            continue
        part = getattr(settings, section, None)
        if not is_dataclass(part) or isinstance(part, type) or not isinstance(values, Mapping):
            raise BadSettings(f"{where}: there is no section [{section}]")
        settings = replace(settings, **{section: _with_values(part, values, f"{where}: [{section}]")})
    return settings


def _nodes(settings: Settings, tables: Mapping[str, Any], where: str) -> tuple[Pbx, ...]:
    """Further PBXs. What a table does not say is as for the first, but for what must differ."""
    found = {pbx.node: pbx for pbx in settings.nodes}
    for name, values in tables.items():
        if not isinstance(values, Mapping) or not name.isalnum() or name == settings.pbx.node:
            raise BadSettings(
                f"{where}: [nodes.{name}] is no further node: give it a name of letters and digits"
            )
        base = found.get(name) or replace(Pbx(), node=name, folder=f"asterisk-{name}", host=settings.pbx.host)
        found[name] = _with_values(base, values, f"{where}: [nodes.{name}]")
    return tuple(found.values())


def _services(tables: Mapping[str, Any], where: str) -> tuple[Service, ...]:
    for name, values in tables.items():
        if not isinstance(values, Mapping):
            raise BadSettings(f"{where}: [services] has tables, one a service: [services.{name}]")
        if not SERVICE_NAME.fullmatch(name):
            raise BadSettings(
                f"{where}: [services.{name}]: a service's name is of small Latin letters, digits, - and _"
            )
    if not tables:
        raise BadSettings(f"{where}: [services] has no service")
    return tuple(
        replace(_with_values(Service(), values, f"{where}: [services.{name}]"), name=name)
        for name, values in tables.items()
    )


def _with_values(part: Any, values: Mapping[str, Any], where: str) -> Any:
    kinds = get_type_hints(type(part))
    known = {f.name for f in fields(part)}
    changes: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise BadSettings(f"{where} has no setting {key!r}; it has {', '.join(sorted(known))}")
        changes[key] = _as_kind(value, kinds[key], f"{where} {key}")
        if key.endswith("port") and not 0 <= changes[key] <= 65_535:
            raise BadSettings(f"{where} {key} = {value!r} is no port (0: a free one; 1 to 65535)")
    return replace(part, **changes)


def _as_kind(value: Any, kind: Any, where: str) -> Any:
    try:
        if kind is bool:
            if isinstance(value, bool):
                return value
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                str(value).lower()
            ]
        if kind is int and isinstance(value, int | str) and not isinstance(value, bool):
            return int(value)
        if kind is float and not isinstance(value, bool) and math.isfinite(number := float(value)):
            return number
        if kind is str and isinstance(value, str):
            return value
        if kind == tuple[str, ...]:
            words = [word.strip() for word in value.split(",")] if isinstance(value, str) else value
            if all(isinstance(word, str) for word in words):
                return tuple(words)
    except (ValueError, KeyError, TypeError):
        pass
    raise BadSettings(f"{where} = {value!r} is not {KINDS[kind]}")


def as_toml(settings: Settings) -> str:
    """The settings as the TOML text that `load` reads back to an equal object."""
    lines = [f"var = {_quoted(str(settings.var))}", f"tools = {_quoted(str(settings.tools))}"]
    for section in fields(settings):
        part = getattr(settings, section.name)
        if is_dataclass(part) and not isinstance(part, type):
            lines.append(f"\n[{section.name}]")
            lines += [f"{f.name} = {_literal(getattr(part, f.name))}" for f in fields(part)]
    for pbx in settings.nodes:
        lines.append(f"\n[nodes.{pbx.node}]")
        lines += [f"{f.name} = {_literal(getattr(pbx, f.name))}" for f in fields(pbx)]
    for service in settings.services:
        lines.append(f"\n[services.{service.name}]")
        lines += [
            f"{f.name} = {_literal(getattr(service, f.name))}" for f in fields(service) if f.name != "name"
        ]
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(v) for v in value) + "]"
    return _quoted(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
