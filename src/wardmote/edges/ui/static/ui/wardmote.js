// Counts characters as they are typed, the way the server counts them (code points). Every page works without it.
(function () {
  "use strict";

  function count(field) {
    const counter = (field.form || document).querySelector(`[data-for="${field.id}"]`);
    if (!counter) return;
    const left = Number(field.dataset.limit) - Array.from(field.value.replace(/\r\n?/g, "\n").trim()).length;
    counter.textContent = left >= 0 ? counter.dataset.left.replace("{n}", left) : counter.dataset.over.replace("{n}", -left);
    counter.classList.toggle("over", left < 0);
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-limit]")) count(event.target);
  });

  // A row of tabs that is longer than the screen begins with the one that is open.
  for (const tab of document.querySelectorAll(".tabs a[aria-current]")) {
    const row = tab.parentElement;
    row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - tab.offsetWidth) / 2;
  }

  document.addEventListener("keydown", function (event) {
    const field = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.matches("textarea") && field.form) {
      event.preventDefault();
      field.form.requestSubmit();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const posts = Array.from(document.querySelectorAll("main .post .when a"));
    if (!posts.length || document.body.classList.contains("own-keys")) return;
    const here = posts.indexOf(document.activeElement);
    const next = event.key === "j" ? here + 1 : Math.max(here - 1, 0);
    if (posts[next]) posts[next].focus();
  });

  // A refused form comes back with what is wrong and all that was typed: it takes the place of the one that was sent.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!event.detail.xhr.getResponseHeader("Wardmote-Form")) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  // Of a whole page that refuses, the sentence is what its reader has to know here.
  function sentence(xhr) {
    const page = new DOMParser().parseFromString(xhr.responseText || "", "text/html");
    const lead = page.querySelector("main .lead");
    return lead ? lead.textContent.trim() : "";
  }

  document.addEventListener("htmx:responseError", function (event) {
    const note = document.getElementById("trouble");
    if (!note) return;
    const said = event.detail.xhr.status >= 500 ? "" : sentence(event.detail.xhr);
    note.hidden = false;
    note.textContent = [said, note.dataset[event.detail.xhr.status >= 500 ? "fault" : "refused"]].join(" ").trim();
  });

  document.addEventListener("htmx:sendError", function () {
    const note = document.getElementById("trouble");
    if (!note) return;
    note.hidden = false;
    note.textContent = note.dataset.offline;
  });
})();
