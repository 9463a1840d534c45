"""The Flask application of the back office: pages, their guard and what they answer when something is wrong."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request, send_from_directory, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from backoffice import (
    announcing,
    assessment,
    auditlog,
    briefs,
    calendars,
    callbacks,
    campaigns,
    captchas,
    caseexport,
    casefiles,
    caselist,
    casemarks,
    cases,
    caseturns,
    caseurging,
    caseviews,
    casework,
    citizens,
    contactexport,
    contactlist,
    contacts,
    departments,
    desks,
    donotcall,
    door,
    duplicates,
    errors,
    fielddevices,
    fieldenrol,
    fieldmessages,
    fieldwaiting,
    filekinds,
    filing,
    guard,
    health,
    leader,
    messages,
    metrics,
    noticelog,
    oidc,
    own,
    photos,
    phrases,
    placing,
    posts,
    quality,
    qualitycalibration,
    qualitylists,
    qualitymine,
    qualityplans,
    qualitytrends,
    recordings,
    registers,
    replay,
    reports,
    rulebooks,
    seatorders,
    session,
    sound,
    staff,
    staffwork,
    supervision,
    targets,
    tracks,
    visitcalls,
    visits,
    voicebook,
    voiceprompts,
    wallboard,
    watch,
    webhooks,
    wishes,
)
from backoffice import seat as seat_pages
from backoffice.api.app import MOUNT, make_api
from backoffice.diskalarms import disk_alarms
from backoffice.floor import FloorMirror
from backoffice.hoptext import hop_text
from backoffice.navigation import places
from backoffice.office import Office, Player, Replays, language, lasting, office, say, shown
from backoffice.rights import PUBLIC, may, needs
from backoffice.words import NAMES, Words, direction
from conf.settings import Settings
from schema.desk.citizens import can_be_called
from schema.rules import lights
from schema.rules.duewords import explain
from schema.rules.languages import LANGUAGES
from schema.store import Store

BODY_LIMIT = 256 * 1024
_HERE = Path(__file__).parent


def make_app(
    settings: Settings,
    store: Store,
    player: Player,
    floor: FloorMirror,
    shout: Callable[[str, bytes], None],
    words: Words | None = None,
    vendor: Path | None = None,
    replays: Replays | None = None,
    bus: Callable[[], str] = lambda: "up",
) -> Flask:
    """The application. `vendor` is the folder of the third-party scripts (served under /vendor/).

    `replays` shows floors of the past, where the tapes are. `bus` tells whether the bus is "up" or "down".
    """
    app = Flask("backoffice", template_folder=str(_HERE / "templates"), static_folder=str(_HERE / "static"))
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT, MAX_FORM_PARTS=200)
    here = Office(settings, store, player, floor, shout, words or Words.read(), replays, bus)
    app.extensions["gridline"] = here
    # Other programs come in by a door of their own: tokens, no cookies.
    api, figures = make_api(here), metrics.Metrics(here, bus)
    app.extensions["gridline-metrics"] = figures
    mounted: Any = DispatcherMiddleware(app.wsgi_app, {MOUNT: api})
    app.wsgi_app = mounted  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"files_shown": filekinds.SHOWN, "files_most": filekinds.MOST_BYTES}
    app.view_functions["static"] = needs(PUBLIC)(app.view_functions["static"])
    guard.stand(app)
    metrics.count(app, "pages", figures)
    metrics.count(api, "api", figures)
    errors.register(app)
    _serve_files(app, vendor or settings.tools / "static" / "vendor")
    for room in (
        session,
        door,
        captchas,
        oidc,
        own,
        seat_pages,
        seatorders,
        targets,
        tracks,
        contacts,
        filing,
        duplicates,
        contactlist,
        contactexport,
        citizens,
        caselist,
        caseexport,
        caseviews,
        casefiles,
        casemarks,
        cases,
        caseturns,
        caseurging,
        casework,
        sound,
        recordings,
        photos,
        wallboard,
        replay,
        reports,
        briefs,
        leader,
        staff,
        staffwork,
        departments,
        posts,
        rulebooks,
        assessment,
        calendars,
        auditlog,
        health,
        metrics,
        watch,
        noticelog,
        wishes,
        messages,
        announcing,
        webhooks,
        fielddevices,
        fieldenrol,
        fieldwaiting,
        fieldmessages,
        supervision,
        desks,
        visits,
        visitcalls,
        donotcall,
        callbacks,
        campaigns,
        placing,
        quality,
        qualitylists,
        qualitymine,
        qualityplans,
        qualitycalibration,
        qualitytrends,
        voicebook,
        voiceprompts,
        phrases,
        registers,
    ):
        app.register_blueprint(room.pages)
    app.context_processor(_for_templates)
    return app


def _serve_files(app: Flask, vendor: Path) -> None:
    @app.get("/vendor/<path:name>", endpoint="vendor")
    @needs(PUBLIC)
    def _vendor(name: str) -> Response:
        return send_from_directory(vendor, name, max_age=3600)

    @app.get("/words/<name>.js", endpoint="words")
    @needs(PUBLIC)
    def _words(name: str) -> Response:
        found: Office = app.extensions["gridline"]
        script = found.words.scripts.get(name, "")
        answer = Response(script, 200 if script else 404, mimetype="text/javascript")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    hashes: dict[str, str] = {}

    @app.template_global("asset")
    def _asset(name: str) -> str:
        if name not in hashes or app.debug:
            hashes[name] = sha256((_HERE / "static" / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, h=hashes[name])


def _for_templates() -> dict[str, Any]:
    who = g.get("visitor")
    return {
        "t": say,
        "dialable": can_be_called,
        "t_or": lambda key, otherwise: say(key) if office().words.has(key) else otherwise,
        "shown": shown,
        "lasting": lasting,
        "why_due": lambda record: explain(record, language()),
        "why_light": lambda light: lights.words(light, language(), say),
        "hop_text": lambda hop: hop_text(hop, say, office().words.has),
        "lang": language(),
        "dir": direction(language()),
        "languages": [(code, NAMES[code]) for code in LANGUAGES],
        "visitor": who,
        "may": lambda right: bool(who) and may(who, right),
        "disk_alarms": lambda: disk_alarms(who),
        "places": lambda: places(lambda right: bool(who) and may(who, right)),
        "csrf": g.get("csrf", ""),
        "site": office().settings.site,
        "words_version": office().words.version,
        "tomorrow": caseurging.tomorrow,
        "now_iso": lambda: office().store.clock().isoformat(timespec="milliseconds"),
        "here_path": lambda: request.full_path.rstrip("?") if request.method == "GET" else "/",
    }
