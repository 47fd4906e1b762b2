// What a reader of the report can do beyond reading: sort and filter its tables, and see one area alone.
// Without this script the page has everything; what it adds stands ready in the page's <template> elements.
"use strict";

const ROWS_WORTH_A_FILTER = 8;
const IN_ORDER = new Intl.Collator("en-GB", { numeric: true });
const copyOf = (id) => document.getElementById(id).content.cloneNode(true);
const statusIn = (element) => element.querySelector("[role=status]");

// The number that a cell shows, else null. Cells have a true minus sign, commas, per cent, "<0.001" and "0.12 [u]".
function numberIn(text) {
  const plain = text.replace(/ \[u\]$/, "").replace("\u2212", "-").replace(/[,%<]/g, "");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

// Numbers by size, before texts; markers such as [c] come last, whichever way one sorts.
function compare(one, other, sign) {
  const marked = [one, other].map((text) => /^\[\w+\]$/.test(text));
  if (marked[0] || marked[1]) return marked[0] - marked[1];
  const [first, second] = [one, other].map(numberIn);
  if (first !== null && second !== null) return sign * (first - second);
  return sign * ((first === null) - (second === null) || IN_ORDER.compare(one, other));
}

// Each header becomes a button: ascending, descending, then as published again.
function makeSortable(table, status) {
  const [body, heads] = [table.tBodies[0], [...table.tHead.rows[0].cells]];
  const published = [...body.rows];
  const ways = [null, "ascending", "descending"];
  const sort = (column) => {
    const way = ways[(ways.indexOf(heads[column].getAttribute("aria-sort")) + 1) % ways.length];
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    if (way) heads[column].setAttribute("aria-sort", way);
    const text = (row) => row.cells[column].textContent.trim();
    const sign = way === "descending" ? -1 : 1;
    const ordered = (one, other) => compare(text(one), text(other), sign);
    body.append(...(way ? [...published].sort(ordered) : published));
    status.textContent = way ? `Sorted by ${heads[column].textContent}, ${way}.` : "In the order of publication.";
  };
  heads.forEach((head, column) => {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });
}

function makeFilterable(table, input, status) {
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    rows.forEach((row, at) => { row.hidden = !texts[at].includes(wanted); });
    status.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows shown.`;
  });
}

function equip(table) {
  const tools = copyOf("table-tools");
  const [input, status] = [tools.querySelector("input"), statusIn(tools)];
  makeSortable(table, status);
  if (table.tBodies[0].rows.length < ROWS_WORTH_A_FILTER) input.closest("label").remove();
  else makeFilterable(table, input, status);
  table.closest(".scroll").before(tools);
}

// A table of one area's rows of tables of one kind: without the column of the area, and with one of outcomes where each
// table has an outcome of its own.
function tableOf(rows, area) {
  const made = copyOf("area-table");
  const source = (row) => row.closest("table").dataset;
  const { kind, topic, outcome } = source(rows[0]);
  const id = `one-area-${kind}`;
  made.querySelector(".scroll").setAttribute("aria-labelledby", id);
  made.querySelector("caption").id = id;
  made.querySelector(".topic").textContent = `${area}: ${topic}`;
  const cell = (name, text, className, scope) =>
    Object.assign(document.createElement(name), { textContent: text, className, ...(scope && { scope }) });
  const kept = [...rows[0].cells].map((_, at) => at);
  kept.splice([...rows[0].cells].findIndex((each) => each.textContent === area), 1);
  const heads = rows[0].closest("table").tHead.rows[0].cells;
  const head = made.querySelector("thead tr");
  if (outcome) head.append(cell("th", head.dataset.outcome, "", "col"));
  head.append(...kept.map((at) => cell("th", heads[at].textContent, heads[at].className, "col")));
  for (const row of rows) {
    const texts = kept.map((at) => [row.cells[at].textContent, row.cells[at].className]);
    const [first, ...others] = outcome ? [[source(row).outcome, ""], ...texts] : texts;
    const line = made.querySelector("tbody").appendChild(document.createElement("tr"));
    line.append(cell("th", ...first, "row"), ...others.map((each) => cell("td", ...each)));
  }
  return made;
}

function offerAreas(template) {
  // The tables of this section first, then those of others.
  const here = [...template.closest("section").querySelectorAll("tr[data-area]")];
  const rows = [...new Set([...here, ...document.querySelectorAll("main tr[data-area]")])];
  const areas = [...new Set(rows.map((row) => row.dataset.area))].sort(IN_ORDER.compare);
  if (!areas.length) return;
  template.replaceWith(template.content);
  const picker = document.getElementById("one-area");
  const select = picker.querySelector("select");
  select.append(...areas.map((area) => new Option(area)));
  select.addEventListener("change", () => {
    const kinds = new Map();
    for (const row of rows.filter((each) => each.dataset.area === select.value)) {
      const { kind } = row.closest("table").dataset;
      kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
    }
    picker.querySelector(".picked").replaceChildren(...[...kinds.values()].map((own) => tableOf(own, select.value)));
    statusIn(picker).textContent = select.value && `${kinds.size} tables of ${select.value} follow.`;
  });
}

// A row to which a number leads is shown, though a filter hides it or its table is folded.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  for (let at = link && document.getElementById(link.hash.slice(1)); at; at = at.parentElement) {
    at.hidden = false;
    if (at.tagName === "DETAILS") at.open = true;
  }
});

document.querySelectorAll("main .scroll > table").forEach(equip);
const picker = document.getElementById("area-picker");
if (picker) offerAreas(picker);
