// Every element into which something can be typed, picked or ticked.

import { element } from "/files/text.js";

const PLAIN = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local", email_text_input: "email", number_input: "number", url_text_input: "url" };

export function field(block, shown, desk, label) {
  const put = (value) => (tells(block, shown) ? desk.act(block, shown, value) : desk.typed(block, shown, value));
  const common = {
    id: label.id, "data-action": shown.action_id, "aria-describedby": label.notes, "aria-invalid": label.wrong ? "true" : null,
    "aria-label": label.spoken ? label.words : null, "aria-required": label.required ? "true" : null,
  };
  const now = desk.value(block, shown);
  switch (shown.type) {
    case "plain_text_input": return typed(block, shown, desk, common, now);
    case "datepicker": case "timepicker": case "datetimepicker":
    case "email_text_input": case "number_input": case "url_text_input":
      return dated(shown, common, now, put, (value) => desk.typed(block, shown, value));
    case "static_select": return list(shown, common, options(shown), now, put);
    case "users_select": return list(shown, common, desk.people.map((one) => [one.id, one.name]), now, put);
    case "conversations_select": case "channels_select": return list(shown, common, places(shown, desk), now, put);
    case "checkboxes": case "multi_static_select": return boxes("checkbox", shown, label, options(shown), now, put);
    case "multi_users_select": return boxes("checkbox", shown, label, desk.people.map((one) => [one.id, one.name]), now, put);
    case "multi_conversations_select": case "multi_channels_select": return boxes("checkbox", shown, label, places(shown, desk), now, put);
    case "radio_buttons": return boxes("radio", shown, label, options(shown), [now], (values) => put(values[0] ?? ""));
    case "external_select": case "multi_external_select": return suggested(block, shown, desk, common, now ?? [], put);
    case "overflow": return list(shown, common, options(shown), "", put);
    default: return element("p", { class: "context" }, `(an element of type ${shown.type})`);
  }
}

function tells(block, shown) {
  return block.type !== "input" || (block.dispatch_action && shown.type !== "plain_text_input");
}

function options(shown) {
  const groups = (shown.option_groups ?? []).flatMap((group) => group.options);
  return [...(shown.options ?? []), ...groups].map((one) => [one.value, one.text.text, one.description?.text]);
}

function places(shown, desk) {
  const only = shown.filter?.include;
  const wanted = (one) => !only || (one.direct ? only.includes("im") : only.includes("public"));
  return desk.rooms.filter(wanted).map((one) => [one.id, one.direct ? one.name : `#${one.name}`]);
}

function typed(block, shown, desk, common, now) {
  const said = { ...common, placeholder: shown.placeholder?.text, maxlength: shown.max_length, autocomplete: "off", spellcheck: "false" };
  const made = shown.multiline ? element("textarea", { ...said, rows: 6 }) : element("input", { ...said, type: "text" });
  made.value = now ?? "";
  made.addEventListener("input", () => desk.typed(block, shown, made.value));
  return made;
}

function dated(shown, common, now, put, kept) {
  const made = element("input", { ...common, type: PLAIN[shown.type] });
  made.value = now ?? "";
  made.addEventListener("input", () => kept(made.value));
  made.addEventListener("change", () => put(made.value));
  return made;
}

function list(shown, common, choices, now, put) {
  const first = element("option", { value: "" }, shown.placeholder?.text ?? "Choose ...");
  const made = element("select", { ...common, onchange: () => put(made.value) }, first);
  made.append(...choices.map(([value, words]) => element("option", { value }, words)));
  made.value = now ?? "";
  return made;
}

function boxes(kind, shown, label, choices, now, put) {
  const made = element("fieldset", { id: label.id, "aria-describedby": label.notes, "data-action": shown.action_id },
    element("legend", { class: label.spoken ? "unseen" : null }, label.words));
  const held = () => [...made.querySelectorAll("input:checked")].map((one) => one.value);
  for (const [number, [value, words, more]] of choices.entries()) {
    const id = `${label.id}-${number}`;
    const box = element("input", { type: kind, id, name: label.id, value, onchange: () => put(held()) });
    box.checked = (now ?? []).includes(value);
    made.append(element("div", { class: "choice" }, box, element("label", { for: id }, words, more ? element("small", {}, ` ${more}`) : "")));
  }
  return made;
}

// A list whose choices the bot is asked for while the person types.
function suggested(block, shown, desk, common, now, put) {
  const several = shown.type === "multi_external_select";
  const listed = `${common.id}-list`;
  const box = element("input", {
    ...common, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
    "aria-autocomplete": "list", "aria-controls": listed, placeholder: shown.placeholder?.text,
  });
  const menu = element("ul", { id: listed, role: "listbox", "aria-label": "Choices", hidden: true });
  const chips = element("div", { class: "chips" });
  const made = element("div", { class: "suggested" }, chips, box, menu);
  let held = [...now];
  let timer = 0;
  let asked = 0;
  let at = -1;

  const show = (open) => { menu.hidden = !open; box.setAttribute("aria-expanded", String(open)); if (!open) point(-1); };
  const point = (number) => {
    at = number;
    [...menu.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    const here = menu.children[at];
    if (here) { box.setAttribute("aria-activedescendant", here.id); here.scrollIntoView({ block: "nearest" }); }
    else box.removeAttribute("aria-activedescendant");
  };
  const rest = () => {
    box.value = several ? "" : held[0]?.text ?? "";
    const gone = (one) => { held = held.filter((other) => other !== one); rest(); put([...held]); };
    chips.replaceChildren(...(several ? held : []).map((one) =>
      element("span", { class: "chip" }, one.text, element("button", { type: "button", "aria-label": `Remove ${one.text}`, onclick: () => gone(one) }, "\u00d7"))));
  };
  const choose = (option) => {
    const one = { value: option.value, text: option.text.text };
    held = several ? [...held.filter((other) => other.value !== one.value), one] : [one];
    rest();
    show(false);
    put([...held]);
  };
  const offer = (found) => {
    menu.replaceChildren(...found.map((option, number) =>
      element("li", { role: "option", id: `${listed}-${number}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); choose(option); } },
        option.text.text, option.description ? element("small", {}, ` ${option.description.text}`) : "")));
    menu.found = found;
    if (!found.length) menu.append(element("li", { role: "option", "aria-disabled": "true", id: `${listed}-none`, "aria-selected": "false" }, "No choices found"));
    show(true);
  };
  const ask = async () => {
    const mine = ++asked;
    const found = await desk.suggest(block, shown, box.value);
    if (mine === asked && document.activeElement === box) offer(found);
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.value.length < (shown.min_query_length ?? 3)) return show(false);
    timer = setTimeout(ask, 120);
  });
  box.addEventListener("focus", () => { if (shown.min_query_length === 0) ask(); else if (!several) box.select(); });
  box.addEventListener("blur", () => { clearTimeout(timer); asked += 1; show(false); if (!several && !box.value && held.length) { held = []; put([]); } rest(); });
  box.addEventListener("keydown", (event) => {
    if (menu.hidden) return;
    const found = menu.found ?? [];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      point((at + (event.key === "ArrowDown" ? 1 : found.length - 1 + (at < 0))) % (found.length || 1));
    } else if (event.key === "Enter" && found[at]) { event.preventDefault(); choose(found[at]); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); show(false); }
  });
  rest();
  return made;
}
