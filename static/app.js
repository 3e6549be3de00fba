// Comforts only: every page works without this file. Loaded in <head>, so that the chosen theme is there before the first paint.
const root = document.documentElement;
const remembered = () => { try { return localStorage.theme; } catch { return undefined; } };
if (remembered()) root.dataset.theme = remembered();

function switchTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.theme = root.dataset.theme; } catch { /* Private window: the choice lasts for this page. */ }
}

// Selection: [data-select-all] ticks the boxes that share its table or fieldset; .bulk[data-for] says how many.
const boxesOf = area => [...area.querySelectorAll("input[type=checkbox]:not([data-select-all]):not(:disabled)")];
const areaOf = box => box.closest("[data-selection], table, fieldset");

function count(area) {
  const boxes = boxesOf(area), chosen = boxes.filter(box => box.checked).length;
  const all = area.querySelector("[data-select-all]");
  if (all) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length; }
  const form = area.closest("form") ?? document;
  form.querySelectorAll("[data-chosen]").forEach(node => { node.textContent = chosen; });
  form.querySelectorAll(".bulk[data-auto]").forEach(bar => { bar.hidden = chosen === 0; });
}

function tick(area, on) {
  boxesOf(area).forEach(box => { box.checked = on; });
  count(area);
}

document.addEventListener("change", event => {
  if (event.target.type !== "checkbox") return;
  const area = areaOf(event.target);
  if (!area) return;
  if (event.target.matches("[data-select-all]")) tick(area, event.target.checked); else count(area);
});

document.addEventListener("click", event => {
  const target = event.target.closest("[data-theme-toggle], [data-close], [data-clear], [data-select], [data-print]");
  if (!target) return;
  if (target.matches("[data-theme-toggle]")) switchTheme();
  if (target.matches("[data-close]")) target.closest("[data-closable]")?.remove();
  if (target.matches("[data-print]")) print();
  if (target.matches("[data-clear], [data-select]")) {
    (target.closest("form") ?? document).querySelectorAll("[data-selection], table.table-select").forEach(area => tick(area, target.matches("[data-select]")));
  }
});

document.addEventListener("keydown", event => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const jump = document.getElementById("jump");
  if (jump) { event.preventDefault(); jump.focus(); }
});

// A lost answer is said out loud; what was typed stays as it is.
const trouble = shown => { const note = document.getElementById("trouble"); if (note) note.hidden = !shown; };
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => trouble(true));
document.addEventListener("htmx:beforeRequest", () => trouble(false));

const recount = () => document.querySelectorAll("[data-selection], table.table-select").forEach(count);
for (const name of ["DOMContentLoaded", "htmx:afterSettle"]) document.addEventListener(name, recount);
addEventListener("pageshow", recount);
