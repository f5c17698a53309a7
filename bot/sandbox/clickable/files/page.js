// The page itself: asks what this person sees, draws what has changed, and sends what is clicked and typed.

import { draw } from "/files/blocks.js";
import { element, text } from "/files/text.js";

const AGAIN = 300; // milliseconds between two looks
const here = (id) => document.getElementById(id);
const drafts = new Map(); // what was typed into a view and not yet sent, by view, block and action
const shut = { view: "", hash: "", empty: {} };
let seen = null;
let user = decodeURIComponent(location.hash.slice(1));
let room = "";
let busy = false;

async function ask(address, body) {
  const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(address, sent);
  return answer.json();
}

async function look() {
  const stamp = seen?.user === user ? seen.stamp : "";
  const asked = user;
  const found = await ask(`/seen?user=${encodeURIComponent(user)}&stamp=${stamp}`);
  if (found.same || asked !== user) return;
  seen = found;
  user = found.user;
  if (!found.rooms.some((one) => one.id === room)) room = found.rooms[0].id;
  show();
}

async function watch() {
  for (;;) {
    try {
      await look();
      document.body.classList.remove("away");
    } catch {
      document.body.classList.add("away");
    }
    await new Promise((after) => setTimeout(after, AGAIN));
  }
}

async function act(deed, body) {
  say("");
  let answer;
  try {
    answer = await ask(`/do/${deed}`, { user, ...body });
  } catch {
    answer = { said: "The pretend Slack cannot be reached. Is the demonstration still running?" };
  }
  if (answer.said) say(answer.said);
  return answer;
}

function say(words) {
  here("said").textContent = words;
  const inside = here("modal").querySelector(".said");
  if (inside) inside.textContent = words;
}

function show() {
  choices("people", seen.people, user, (one) => one.name, (one) => {
    user = one.id;
    room = "";
    location.hash = one.id;
    look();
  });
  choices("rooms", seen.rooms, room, (one) => (one.direct ? `${one.name} (app)` : `# ${one.name}`), (one) => {
    room = one.id;
    show();
  });
  const open = seen.rooms.find((one) => one.id === room);
  here("room").textContent = open.direct ? "link-ecf" : `# ${open.name}`;
  messages();
  tip();
  modal();
}

function choices(id, all, now, words, chosen) {
  const key = JSON.stringify([all, now]);
  if (here(id).dataset.key === key) return;
  const inside = here(id).contains(document.activeElement);
  here(id).dataset.key = key;
  here(id).replaceChildren(...all.map((one) => element("li", {},
    element("button", { type: "button", "aria-pressed": String(one.id === now), onclick: () => chosen(one) }, words(one)))));
  if (inside) here(id).querySelector("[aria-pressed=true]")?.focus();
}

function names() {
  return Object.fromEntries([...seen.people, ...seen.rooms].map((one) => [one.id, one.name]));
}

function messages() {
  const log = here("messages");
  const shown = seen.messages.filter((one) => one.channel === room);
  const old = new Map([...log.querySelectorAll(".message")].map((one) => [one.dataset.id, one]));
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  let changed = log.dataset.room !== room || old.size !== shown.length;
  log.dataset.room = room;
  const nodes = shown.map((one) => {
    const key = JSON.stringify(one);
    const kept = old.get(one.id);
    if (kept?.message === key) return kept;
    changed = true;
    return message(one, key);
  });
  if (!changed) return;
  if (nodes.length) log.replaceChildren(...nodes);
  else log.replaceChildren(element("p", { class: "context" }, "Nothing here yet. Type a command below."));
  if (low) log.scrollTop = log.scrollHeight;
}

function message(one, key) {
  const desk = {
    names: names(), people: seen.people, rooms: seen.rooms,
    value: () => "", error: () => "", typed: () => {},
    act: (block, shown, value) =>
      act("press", { channel: one.channel, ts: one.ts, block: block.block_id, action: shown.action_id, value }).then(look),
  };
  const body = one.blocks.length ? one.blocks.map((block) => draw(block, desk)) : [text({ type: "mrkdwn", text: one.text }, desk.names, "p")];
  const made = element("article", { class: one.ephemeral ? "message ephemeral" : "message", "data-id": one.id },
    element("p", { class: "by" }, element("strong", {}, "link-ecf"), " ", element("span", { class: "app" }, "APP"), " ",
      element("time", {}, one.at), one.edited ? " (edited)" : ""),
    ...(one.ephemeral ? [element("p", { class: "context" }, "Only visible to you")] : []), ...body);
  made.message = key;
  return made;
}

function tip() {
  const key = JSON.stringify(seen.tip);
  if (here("tip").dataset.key === key) return;
  here("tip").dataset.key = key;
  const given = seen.tip ?? { about: "Choose another person, or type /link-ecf help.", typed: [] };
  const pairs = given.typed.flatMap(([label, value]) => [element("dt", {}, label), element("dd", {}, element("code", {}, value))]);
  here("tip").replaceChildren(element("p", {}, given.about), ...(pairs.length ? [element("dl", {}, ...pairs)] : []));
}

function modal() {
  const box = here("modal");
  const view = seen.view;
  const key = view && JSON.stringify([view.id, view.hash, view.errors, shut.view === view.id ? shut.empty : {}, user]);
  if (!view) {
    drafts.clear();
    if (box.open) box.close();
    delete box.dataset.key;
    box.replaceChildren();
    return;
  }
  if (box.dataset.key === key) return;
  const focused = box.contains(document.activeElement) ? document.activeElement.id : "";
  const top = box.dataset.view === view.id ? box.querySelector(".blocks")?.scrollTop ?? 0 : 0;
  box.dataset.key = key;
  box.dataset.view = view.id;
  fill(box, view);
  if (!box.open) box.showModal();
  box.querySelector(".blocks").scrollTop = top;
  const wrong = box.querySelector("[aria-invalid=true], fieldset[aria-describedby*=error] input");
  const back = focused && document.getElementById(focused);
  (wrong && box.dataset.sent ? wrong : back || box.querySelector(".blocks input, .blocks select, .blocks textarea") || box.querySelector("button")).focus();
  delete box.dataset.sent;
}

function fill(box, view) {
  const name = (block, shown) => [view.id, block.block_id, shown.action_id].join(" ");
  const empty = shut.view === view.id && shut.hash === view.hash ? shut.empty : {};
  const send = (deed, body) => act(deed, { view: view.id, typed: typed(view), ...body }).then(async (answer) => { await look(); return answer; });
  const desk = {
    names: names(), people: seen.people, rooms: seen.rooms,
    value: (block, shown) => drafts.get(name(block, shown)) ?? view.values[block.block_id]?.[shown.action_id],
    error: (block) => empty[block.block_id] ?? view.errors[block.block_id] ?? "",
    typed: (block, shown, value) => { drafts.set(name(block, shown), value); },
    suggest: async (block, shown, words) => (await act("suggest", { view: view.id, typed: typed(view), block: block.block_id, action: shown.action_id, text: words })).options ?? [],
    act: (block, shown, value) => {
      if (shown.type === "button") return send("press_in", { block: block.block_id, action: shown.action_id });
      drafts.set(name(block, shown), value);
      return send("set", { block: block.block_id, action: shown.action_id, value: plain(value) });
    },
  };
  const close = () => send("close", {});
  box.onclose = null;
  box.oncancel = (event) => { event.preventDefault(); close(); };
  box.replaceChildren(element("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(box, view, send); } },
    element("div", { class: "top" }, element("h2", { id: "modal-title" }, view.title),
      element("button", { type: "button", class: "x", "aria-label": "Close this form", onclick: close }, "\u00d7")),
    element("div", { class: "blocks" }, ...view.blocks.map((block) => draw(block, desk))),
    element("p", { class: "said", role: "status" }),
    element("div", { class: "row end" },
      element("button", { type: "button", class: "button", onclick: close }, view.under ? "Back" : view.close),
      ...(view.submit ? [element("button", { class: "primary", id: "modal-submit" }, view.submit)] : []))));
}

async function submit(box, view, send) {
  if (busy) return;
  busy = true;
  const pressed = here("modal-submit");
  if (pressed) pressed.disabled = true;
  box.dataset.sent = "yes";
  try {
    const answer = await send("submit", {});
    const missing = view.blocks.filter((block) => block.type === "input" && (answer.empty ?? []).includes(block.label.text));
    shut.view = view.id;
    shut.hash = view.hash;
    shut.empty = Object.fromEntries(missing.map((block) => [block.block_id, "Please complete this required field."]));
    if (seen.view?.id === view.id) modal();
  } finally {
    busy = false;
    const still = here("modal-submit");
    if (still) still.disabled = false;
  }
}

function typed(view) {
  return [...drafts].map(([name, value]) => [...name.split(" "), plain(value)])
    .filter(([id]) => id === view.id).map(([, block, action, value]) => [block, action, value]);
}

function plain(value) {
  return Array.isArray(value) ? value.map((one) => one.value ?? one) : value;
}

here("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = here("typed");
  const words = field.value.trim();
  if (!words) return;
  field.value = "";
  await act("command", { channel: room, text: words });
  await look();
});
addEventListener("hashchange", () => {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (wanted && wanted !== user) { user = wanted; room = ""; look(); }
});
watch();
