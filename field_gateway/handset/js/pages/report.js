/** Something was seen or done: words, photos, a voice note, a place. On the phone with every stroke. */
import { Draft, MOST_NOTES, MOST_PHOTOS } from "../draft.js";
import { isFull } from "../health.js";
import { bytes, when } from "../i18n.js";
import { KindChoice } from "../kinds.js";
import { Finder } from "../finder.js";
import { takePhoto } from "../photos.js";
import { PlacePart } from "../placepart.js";
import { Voice } from "../voice.js";
import { ask, banner, button, card, chip, el, field, fill, icon, ltr, toast } from "../ui.js";

export default {
  name: "report",
  icon: "report",
  title: "report.title",
  async mount(root, app, params) {
    const { t } = app;
    const draft = await Draft.open(app, params);
    const voice = new Voice();
    const urls = [];
    this.voice = voice;
    this.urls = urls;
    const trouble = el("div", { class: "trouble" });
    const say = (key, values) => fill(trouble, banner("bad", t(key, values)));
    const save = async () => {
      try {
        await draft.save();
        state.textContent = t("report.saved", { at: when(Date.now()) });
      } catch (error) {
        say(isFull(error) ? "report.full" : "report.unsaved");
        throw error;
      }
    };

    const isCheck = draft.task?.kind === "check" && !draft.edits?.first;
    const text = el("textarea", { value: draft.text, maxlength: "4000", placeholder: t(isCheck ? "report.text_check" : draft.task ? "report.text_task" : "report.text_hint"), "data-testid": "report-text" });
    let timer = null;
    text.addEventListener("input", () => {
      draft.text = text.value;
      clearTimeout(timer);
      timer = setTimeout(() => save().catch(() => undefined), 300);
    });
    this.flush = () => {
      clearTimeout(timer);
      if (timer) draft.save().catch(() => undefined);
    };
    const textField = field(t("report.text"), text);
    // What a task or an earlier version is about is said already.
    const kind = draft.task || draft.edits?.first ? null : new KindChoice(app, draft.category, (code) => {
      draft.category = code;
      save().catch(() => undefined);
    });
    // Done well or not: a task to check is answered by that.
    const verdicts = [[true, "yes"], [false, "no"]].map(([passed, name]) => el("button", {
      type: "button", class: "choice", "aria-pressed": String(draft.passed === passed), "data-testid": `report-passed-${name}`,
      on: { click: () => {
        draft.passed = passed;
        for (const one of verdicts) one.setAttribute("aria-pressed", String(one.dataset.testid === `report-passed-${name}`));
        fill(trouble);
        save().catch(() => undefined);
      } },
    }, t(`report.passed_${name}`)));
    const verdict = isCheck ? el("div", { role: "group", "aria-label": t("report.passed") }, el("p", { class: "quiet" }, t("report.passed")), el("div", { class: "choices" }, ...verdicts)) : null;
    const state = el("p", { class: "quiet centre", "data-testid": "report-state" });

    // -- photos and voice ----------------------------------------------------------------------------------
    const shots = el("div", { class: "shots", "data-testid": "report-shots" });
    const drawShots = () => {
      for (const url of urls.splice(0)) URL.revokeObjectURL(url);
      const url = (blob) => (urls.push(URL.createObjectURL(blob)), urls.at(-1));
      fill(shots, draft.media.filter((one) => one.kind !== "thumb").map((one) => {
        const small = draft.media.find((each) => each.of === one.id) ?? one;
        return el("figure", { class: "shot" },
          one.kind === "voice" ? el("audio", { controls: true, src: url(one.blob), "aria-label": t("report.voice") }) : el("img", { src: url(small.blob), alt: t("report.photo") }),
          el("figcaption", {}, ltr(bytes(one.size)), el("button", {
            type: "button", class: "drop", "aria-label": t("report.remove"), on: { click: async () => { await draft.without(one.id); drawShots(); } },
          }, icon("trash"))));
      }));
      add.disabled = pick.disabled = draft.count("photo") >= MOST_PHOTOS;
      if (add.disabled) finder.close();
      mic.disabled = draft.count("voice") >= MOST_NOTES;
    };
    const keep = async (one) => {
      try {
        draft.media.push(...await takePhoto(one, { whole: draft.whole }));
        await save();
      } catch (error) {
        if (error.code === "no-photo") say("report.no_photo");
        else if (isFull(error)) draft.media.splice(-2);
        else throw error;
      }
    };
    const file = el("input", { type: "file", accept: "image/*", hidden: true, "aria-label": t("report.photo"), "data-testid": "report-file", on: { change: async () => {
      fill(trouble);
      for (const one of [...file.files].slice(0, MOST_PHOTOS - draft.count("photo"))) await keep(one);
      file.value = "";
      drawShots();
    } } });
    const finder = new Finder(app, {
      whole: () => draft.whole,
      taken: async (one) => {
        await keep(one);
        drawShots();
      },
      failed: (code) => say(`report.cam_${code}`),
    });
    this.finder = finder;
    // Without a live picture: the phone's own camera, or what was taken before.
    const choose = (anew) => {
      file.toggleAttribute("capture", anew);
      file.click();
    };
    const add = button(t("report.photo"), async () => {
      fill(trouble);
      if (finder.isOn) return finder.close();
      if (!Finder.isThere) return choose(true);
      try {
        await finder.open();
      } catch (error) {
        finder.close();
        say(`report.cam_${error.code ?? "busy"}`);
        pick.focus();
      }
      return undefined;
    }, { name: "camera", test: "report-photo" });
    const pick = button(t("report.pick"), () => choose(false), { name: "photo", test: "report-pick" });
    const mic = button(t("report.voice"), async () => {
      fill(trouble);
      if (voice.isOn) return endVoice();
      try {
        await voice.start(endVoice);
        mic.classList.add("recording");
        fill(mic, icon("stop"), el("span", {}, t("report.voice_stop")));
      } catch (error) {
        say(`report.mic_${error.code ?? "busy"}`);
      }
      return undefined;
    }, { name: "mic", test: "report-voice" });
    const endVoice = async () => {
      const note = await voice.stop();
      mic.classList.remove("recording");
      fill(mic, icon("mic"), el("span", {}, t("report.voice")));
      if (note) {
        draft.media.push(note);
        await save().catch(() => draft.media.pop());
      }
      drawShots();
    };
    const whole = el("input", { type: "checkbox", checked: draft.whole, "data-testid": "report-whole", on: { change: () => { draft.whole = whole.checked; save(); } } });

    // -- place ---------------------------------------------------------------------------------------------
    const place = new PlacePart(app, draft.place, async (point) => {
      draft.place = point;
      await save();
    });
    this.place = place;

    const send = button(t(params.edit ? "report.again" : "report.send"), async () => {
      if (voice.isOn) await endVoice();
      draft.text = text.value;
      textField.fault(draft.text.trim() ? "" : t("report.text_missing"));
      if (!draft.text.trim()) return;
      if (isCheck && typeof draft.passed !== "boolean") {
        say("report.passed_missing");
        verdicts[0].focus();
        return;
      }
      // Without a place the city cannot tell whose it is, and files no case.
      if (!draft.task && !draft.edits?.first && !draft.place && (await ask(t("report.placeless"), [["back", t("report.place_add"), "main"], ["yes", t("report.place_less"), "plain"]], t("report.placeless_more"))) !== "yes") return;
      clearTimeout(timer);
      timer = null;
      send.disabled = true;
      try {
        await draft.send();
      } catch (error) {
        send.disabled = false;
        say(isFull(error) ? "report.full" : "report.unsaved");
        return;
      }
      toast(t(app.state.online ? "report.sending" : "report.kept"), "good");
      // Who has gone somewhere else meanwhile stays there.
      if (app.here()) app.go(draft.task ? "tasks" : "history", {}, { instead: true });
    }, { kind: "main big", name: "send", test: "report-send" });

    root.append(
      trouble,
      ...(draft.task?.title ? [card(null, el("div", { class: "who" }, ltr(draft.task.case_no, { class: "quiet" }), chip("plain", t(`task.kind_${draft.task.kind}`))), el("strong", {}, draft.task.title))] : []),
      ...(params.edit ? [banner("info", t("report.editing"))] : []),
      card(null, verdict, kind?.node, textField, el("div", { class: "acts two" }, add, mic, pick), file, finder.node, shots, el("label", { class: "check" }, whole, el("span", {}, t("report.whole")))),
      place.node,
      send,
      button(t("report.discard"), async () => {
        timer = null;
        await draft.drop();
        app.go(params.edit ? "history" : "home", {}, { instead: true });
      }, { name: "trash", test: "report-discard" }),
      state,
    );
    drawShots();
  },
  unmount() {
    this.flush?.();
    this.place?.end();
    this.finder?.close();
    if (this.voice?.isOn) this.voice.stop();
    for (const url of this.urls?.splice(0) ?? []) URL.revokeObjectURL(url);
  },
};
