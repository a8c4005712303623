"use strict";
// The desk's keys. Everything they do is also a link, a button or a field on the page.
(() => {
  document.documentElement.classList.add("js");

  const find = (selector, within = document) => within.querySelector(selector);
  const focused = () => document.activeElement || document.body;
  const typing = (element) => element.matches("textarea, select, input:not([type=radio])");
  const answersItself = (element) => typing(element) || element.matches("button, summary");

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.contains(focused()));
    const to = at === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    (find("a.why", rows[to]) || rows[to]).focus();
    rows[to].scrollIntoView({ block: "nearest" });
  }

  function reveal() {
    const row = focused().closest("[data-row]");
    const shield = (row && find("[data-shield]", row)) || find("[data-shield]");
    if (shield) shield.open = !shield.open;
  }

  function choose(number) {
    const radio = document.querySelectorAll(".options input[type=radio]")[number - 1];
    if (!radio || radio.disabled) return;
    radio.click();
    radio.focus();
    if (radio.value === "suspend") find("#days").focus();
  }

  function press(key) {
    const button = find(`[data-key="${key}"]`);
    if (button) button.click();
    return Boolean(button);
  }

  function openHand() {
    const sheet = find("#hand");
    if (!sheet) return;
    sheet.open = true;
    (find("select", sheet) || find("summary", sheet)).focus();
  }

  // A written reason goes into the field as it is; without scripts the server does the same.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reason]");
    const field = find("#reason");
    if (!button || !field) return;
    event.preventDefault();
    field.value = [field.value.trim(), button.dataset.reason].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  function toggleKeys() {
    const sheet = find("#keys");
    if (sheet) sheet.open = !sheet.open;
  }

  function leave() {
    const sheet = find("#keys");
    if (sheet && sheet.open) sheet.open = false;
    else focused().blur();
  }

  const plain = {
    j: () => move(1),
    k: () => move(-1),
    c: () => find("#clause")?.focus(),
    r: () => find("#reason")?.focus(),
    n: () => press("n"),
    u: () => press("u"),
    x: () => press("x"),
    e: () => openHand(),
    "?": toggleKeys,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const element = focused();
    // With Ctrl, enter belongs to wardmote.js: it sends the form whose text is being written.
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      // A held key must not decide twice, and a link or a button has its own meaning for enter.
      if (!event.repeat && !answersItself(element) && !element.matches("a") && press("enter")) event.preventDefault();
      return;
    }
    if (event.key === "Escape") return leave();
    if (typing(element)) return;
    if (event.key === " ") {
      if (answersItself(element)) return;
      reveal();
    } else if (/^[1-9]$/.test(event.key)) choose(Number(event.key));
    else if (plain[event.key] && !event.repeat) plain[event.key]();
    else if (event.repeat && (event.key === "j" || event.key === "k")) plain[event.key]();
    else return;
    event.preventDefault();
  });
})();
