// What the page gains where scripts run: show and hide, the passcode's seconds, one press of the button at a time.
// Everything else works without this file. Words come from the page; no markup is ever made from text.
"use strict";

(() => {
  const HALF_MINUTE = 30;

  const fill = (text, values) => Object.entries(values).reduce((made, [name, value]) => made.replace(`{${name}}`, value), text);

  function masked(button) {
    const field = document.getElementById(button.dataset.shows);
    const set = (shown) => {
      field.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.hide : button.dataset.show;
      button.setAttribute("aria-label", fill(button.dataset.label, { what: button.textContent }));
      button.setAttribute("aria-controls", field.id);
    };
    button.addEventListener("click", () => {
      set(field.type === "password");
      field.focus();
    });
    set(false);
    button.hidden = false;
    return () => set(false);
  }

  // Authenticator apps count half minutes of the clock, everywhere the same; this one is as right as the computer's.
  function countdown(place) {
    const bar = place.querySelector("progress");
    const seconds = place.querySelector("[data-seconds]");
    const said = place.querySelector("[data-said]");
    const { left, few, sayLeft, sayNew } = place.dataset;
    let before = 0;
    const tick = () => {
      const now = Date.now();
      const n = HALF_MINUTE - (Math.floor(now / 1000) % HALF_MINUTE);
      bar.value = n;
      seconds.textContent = fill(n <= 5 ? few : left, { n });
      place.classList.toggle("few", n <= 5);
      // A screen reader hears the two moments that matter, not thirty numbers; and only while the passcode is typed.
      if (place.parentElement.contains(document.activeElement)) {
        if (n === 10 && before !== 10) said.textContent = fill(sayLeft, { n });
        if (n > before && before) said.textContent = sayNew;
      }
      before = n;
      window.setTimeout(tick, 1000 - (now % 1000));
    };
    place.hidden = false;
    tick();
  }

  // A moment stands there by the court's clock; whoever sits in another zone reads it by their own too.
  function yours(place) {
    const at = new Date(place.dataset.moment);
    const shown = { weekday: "long", hour: "numeric", minute: "2-digit" };
    const there = at.toLocaleString("en-US", { ...shown, timeZone: place.dataset.zone });
    if (at.toLocaleString("en-US", shown) === there) return;
    const moment = at.toLocaleString("en-US", { ...shown, timeZoneName: "short" });
    place.textContent = ` ${fill(place.dataset.yours, { moment })}`;
    place.hidden = false;
  }

  function once(form, mask) {
    const status = form.querySelector("[data-status]");
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      mask();
      status.textContent = form.dataset.sending;
    });
  }

  function begin() {
    const masks = [...document.querySelectorAll("[data-shows]")].map(masked);
    document.querySelectorAll("[data-moment]").forEach(yours);
    document.querySelectorAll("[data-countdown]").forEach(countdown);
    document.querySelectorAll("form").forEach((form) => once(form, () => masks.forEach((mask) => mask())));
    const errors = document.getElementById("errors");
    if (errors) errors.focus();
  }

  // A page that comes back from the browser's memory holds what was typed and may be used up: ask for it anew.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("input").forEach((field) => {
      if (field.type !== "hidden") field.value = "";
    });
    window.location.reload();
  });

  begin();
})();
