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

// The quote's slider counts days and stops at the ends of months, so that its thumb stands exactly above the date's line.
const DAY = 86400000;
const monthEnd = (time, months) => { const day = new Date(time); return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1 + months, 0); };

function slide(slider, time) {
  const start = Date.parse(slider.dataset.start), first = start + slider.dataset.first * DAY;
  while (time < first) time = monthEnd(time, 1);
  const date = document.getElementById(slider.dataset.slider);
  slider.value = (time - start) / DAY;
  date.value = new Date(time).toISOString().slice(0, 10);
  document.querySelectorAll("#strip .target").forEach(line => ["x1", "x2"].forEach(end => line.setAttribute(end, `${slider.value / slider.max * 100}%`)));
}

document.addEventListener("input", event => {
  const slider = event.target.closest("[data-slider]");
  if (!slider) return;
  const time = Date.parse(slider.dataset.start) + slider.value * DAY, ends = [monthEnd(time, -1), monthEnd(time, 0)];
  slide(slider, ends.reduce((one, other) => Math.abs(other - time) < Math.abs(one - time) ? other : one));
}, true);

document.addEventListener("keydown", event => {
  const months = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12 }[event.key];
  const slider = months && event.target.closest?.("[data-slider]");
  if (!slider) return;
  event.preventDefault();
  const time = Date.parse(slider.dataset.start) + slider.value * DAY, end = monthEnd(time, 0);
  slide(slider, monthEnd(time, end > time && months === 1 ? 0 : months));
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});

// A date within a line waits until it is whole; what has no price asks for none.
let pause;
document.addEventListener("input", event => {
  const field = event.target.closest("[data-settled], [data-quiet]");
  if (!field) return;
  event.stopPropagation();
  if (!field.matches("[data-settled]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => field.form.dispatchEvent(new Event("settled")), 1000);
}, true);

// An answer leaves alone what one is just typing in, and keeps open what was opened.
const isTyping = area => { const here = document.activeElement; return area?.contains(here) && here.matches("select, textarea, input:not([type=checkbox], [type=radio])"); };
document.addEventListener("htmx:oobBeforeSwap", event => { if (isTyping(event.detail.target)) event.detail.shouldSwap = false; });
let opened = [];
document.addEventListener("htmx:beforeSwap", () => { opened = [...document.querySelectorAll("details[id][open]")].map(each => each.id); });
document.addEventListener("htmx:afterSettle", () => opened.forEach(id => document.getElementById(id)?.setAttribute("open", "")));
