// Slack's mrkdwn as nodes. Everything becomes text nodes first: no message can bring HTML of its own.

const PARTS = /```([^]*?)```|`([^`\n]+)`|<([^<>\n]+)>|(^|[\s(])\*([^*\n]+)\*(?![\w*])|(^|[\s(])_([^_\n]+)_(?!\w)|(^|[\s(])~([^~\n]+)~(?!\w)|(https?:\/\/[^\s<>|)]+[^\s<>|).,;:])/;

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function link(address, words) {
  if (!/^(https?:|mailto:)/.test(address)) return document.createTextNode(words);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function bracketed(inside, names) {
  const bar = inside.indexOf("|");
  const target = unescaped(bar < 0 ? inside : inside.slice(0, bar));
  const words = unescaped(bar < 0 ? "" : inside.slice(bar + 1));
  if (/^[@#!]/.test(target)) {
    const fallback = words || names[target.slice(1)] || target.slice(1);
    return element("span", { class: "mention" }, (target[0] === "!" ? "" : target[0]) + fallback);
  }
  return link(target, words || target.replace(/^mailto:/, ""));
}

function inline(text, names, into) {
  let rest = text;
  for (let found = PARTS.exec(rest); found; found = PARTS.exec(rest)) {
    into.append(unescaped(rest.slice(0, found.index)));
    const [whole, fence, code, brackets, b, bold, i, italic, s, struck, bare] = found;
    into.append(unescaped(b ?? i ?? s ?? ""));
    if (fence !== undefined) into.append(element("pre", {}, unescaped(fence.replace(/^\n/, ""))));
    else if (code !== undefined) into.append(element("code", {}, unescaped(code)));
    else if (brackets !== undefined) into.append(bracketed(brackets, names));
    else if (bare !== undefined) into.append(link(unescaped(bare), unescaped(bare)));
    else {
      const kind = bold !== undefined ? "strong" : italic !== undefined ? "em" : "s";
      into.append(inline(bold ?? italic ?? struck, names, element(kind)));
    }
    rest = rest.slice(found.index + whole.length);
  }
  into.append(unescaped(rest));
  return into;
}

export function text(shown, names = {}, name = "span") {
  const plain = typeof shown === "string" || shown.type === "plain_text";
  const words = typeof shown === "string" ? shown : shown.text;
  if (plain) return element(name, { class: "words" }, words);
  return inline(words, names, element(name, { class: "words" }));
}
