// Checks in the browser what an entry's page shows: the entry's hash, its place under the checkpoint's root (RFC 6962,
// 2.1.1), and the checkpoint's signature. The page says everything without it.
(function () {
  "use strict";

  const section = document.getElementById("browser-check");
  if (!section) return;
  const steps = section.querySelector("ol");
  const text = (id) => document.getElementById(id)?.textContent ?? "";
  const bytes = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const same = (a, b) => a.length === b.length && a.every((byte, place) => byte === b[place]);

  async function sha256(...parts) {
    const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
    return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  }

  // Gives the root, or null where the path has not the length that this place has.
  async function rootOf(leaf, index, size, path) {
    let root = leaf;
    let here = BigInt(index);
    let last = BigInt(size) - 1n;
    if (here > last) return null;
    for (const element of path) {
      if (last === 0n) return null;
      if (here % 2n === 1n || here === last) {
        root = await sha256(Uint8Array.of(1), element, root);
        while (here % 2n === 0n && here !== 0n) {
          here >>= 1n;
          last >>= 1n;
        }
      } else {
        root = await sha256(Uint8Array.of(1), root, element);
      }
      here >>= 1n;
      last >>= 1n;
    }
    return last === 0n ? root : null;
  }

  // True or false; null where this browser knows no Ed25519.
  async function signed(note, verifier) {
    const end = note.lastIndexOf("\n\n") + 1;
    const [name, , encoded] = verifier.trim().split("+");
    const line = note.slice(end).split("\n").find((row) => row.startsWith(`— ${name} `));
    const key = bytes(verifier.trim().slice(verifier.trim().indexOf(encoded)));
    if (!end || !line || key[0] !== 1) return false;
    let imported;
    try {
      imported = await crypto.subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]);
    } catch {
      return null;
    }
    const signature = bytes(line.split(" ")[2]).slice(4);
    return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, new TextEncoder().encode(note.slice(0, end)));
  }

  function say(name, state) {
    const row = document.createElement("li");
    row.textContent = section.dataset[name + state[0].toUpperCase() + state.slice(1)];
    if (state === "bad") row.className = "danger";
    steps.append(row);
  }

  async function check() {
    steps.replaceChildren();
    if (!globalThis.crypto?.subtle) return say("browser", "unable");
    try {
      const stated = bytes(text("leaf-hash"));
      const leaf = text("leaf");
      if (leaf) {
        const found = await sha256(Uint8Array.of(0), new TextEncoder().encode(leaf));
        say("leaf", same(found, stated) ? "good" : "bad");
      }
      const note = text("checkpoint");
      const [, size, root] = note.split("\n");
      const path = Array.from(document.querySelectorAll("#inclusion code"), (code) => bytes(code.textContent));
      const found = await rootOf(stated, section.dataset.index, size, path);
      say("place", found && same(found, bytes(root)) ? "good" : "bad");
      const verdict = await signed(note, text("key"));
      say("signature", verdict === null ? "unable" : verdict ? "good" : "bad");
    } catch {
      say("place", "bad");
    }
  }

  section.hidden = false;
  section.querySelector("button").addEventListener("click", check);
})();
