// Blocks of messages and views as nodes. `desk` says what a field holds and takes what is done to it:
// names, people, rooms, value(block, element), typed(block, element, value), act(block, element, value), error(block).

import { element, text } from "/files/text.js";
import { field } from "/files/fields.js";

function button(block, shown, desk) {
  const style = shown.style ? ` ${shown.style}` : "";
  const press = () => confirmed(shown, () => desk.act(block, shown));
  const said = { class: `button${style}`, "aria-label": shown.accessibility_label, "data-action": shown.action_id };
  if (shown.url) {
    return element("a", { ...said, href: shown.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, shown.text.text);
  }
  return element("button", { ...said, type: "button", onclick: press }, shown.text.text);
}

function confirmed(shown, act) {
  const asks = shown.confirm;
  if (!asks) return act();
  const answer = (yes) => { box.close(); box.remove(); if (yes) act(); };
  const box = element("dialog", { class: "confirm", "aria-label": asks.title.text },
    element("h2", {}, asks.title.text), text(asks.text, {}, "p"),
    element("div", { class: "row end" },
      element("button", { type: "button", onclick: () => answer(false) }, asks.deny.text),
      element("button", { type: "button", class: asks.style || "primary", onclick: () => answer(true) }, asks.confirm.text)));
  document.body.append(box);
  box.showModal();
}

function interactive(block, shown, desk, label) {
  return shown.type === "button" ? button(block, shown, desk) : field(block, shown, desk, label);
}

function input(block, desk) {
  const id = `f-${block.block_id}`.replace(/[^\w-]/g, "-");
  const wrong = desk.error(block);
  const notes = [];
  const made = [];
  const words = block.label.text + (block.optional ? " (optional)" : "");
  if (wrong) {
    made.push(element("p", { class: "error", id: `${id}-error` }, wrong));
    notes.push(`${id}-error`);
  }
  if (block.hint) {
    made.push(element("p", { class: "hint", id: `${id}-hint` }, block.hint.text));
    notes.push(`${id}-hint`);
  }
  const label = { id, words, notes: notes.join(" ") || null, wrong: Boolean(wrong), required: !block.optional };
  const shown = field(block, block.element, desk, label);
  if (shown.tagName === "FIELDSET") return element("div", { class: "input" }, shown, ...made);
  return element("div", { class: "input" }, element("label", { for: id }, words), shown, ...made);
}

export function draw(block, desk) {
  switch (block.type) {
    case "header": return element("h3", {}, block.text.text);
    case "divider": return element("hr");
    case "context": return element("p", { class: "context" }, ...block.elements.map((one) => text(one, desk.names)));
    case "section": {
      const made = element("div", { class: "section" });
      const body = element("div", { class: "body" });
      if (block.text) body.append(text(block.text, desk.names, "p"));
      if (block.fields) body.append(element("div", { class: "fields" }, ...block.fields.map((one) => text(one, desk.names, "p"))));
      made.append(body);
      if (block.accessory) made.append(interactive(block, block.accessory, desk, named(block.accessory, block)));
      return made;
    }
    case "actions":
      return element("div", { class: "actions" }, ...block.elements.map((one) => interactive(block, one, desk, named(one, block))));
    case "input": return input(block, desk);
    default: return element("p", { class: "context" }, `(a block of type ${block.type})`);
  }
}

function named(shown, block) {
  const words = shown.placeholder?.text ?? shown.accessibility_label ?? block.text?.text ?? shown.action_id;
  return { id: `a-${block.block_id}-${shown.action_id}`.replace(/[^\w-]/g, "-"), words, spoken: true };
}
