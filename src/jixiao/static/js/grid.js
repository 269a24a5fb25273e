// What a plain form cannot do alone in the grid of indicators: a pasted block of cells, rows by keyboard, undo of a paste.
// Decides nothing: the server reads what is typed, and without this file the grid is a form.
(function () {
  "use strict";

  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const form = grid.closest("form");
  const undo = form.querySelector("[data-grid-undo]");
  const rows = form.elements.rows;
  const MOST = 120;
  let before = null;

  const cellsOf = (row) => Array.from(row.querySelectorAll("select, input")).filter((one) =>
    !["hidden", "checkbox"].includes(one.type));
  const lines = () => Array.from(grid.rows);
  const place = (cell) => {
    const row = lines().indexOf(cell.closest("tr"));
    return [row, cellsOf(lines()[row]).indexOf(cell)];
  };

  function renamed(text, number) {
    return text.replace(/-\d+(?=$|-help$|-error$)/, `-${number}`);
  }
  function addRow() {
    const number = lines().length;
    if (number >= MOST) return false;
    const row = lines()[number - 1].cloneNode(true);
    row.className = "";
    row.querySelectorAll(".why, .field-error").forEach((note) => note.remove());
    row.querySelectorAll(".marked").forEach((cell) => cell.classList.remove("marked"));
    row.querySelector("th").textContent = String(number + 1);
    row.querySelectorAll("select, input").forEach((one) => {
      one.id = renamed(one.id, number);
      one.name = renamed(one.name, number);
      const label = one.getAttribute("aria-label");
      if (label) one.setAttribute("aria-label", label.replace(/第 \d+ 行/, `第 ${number + 1} 行`));
      ["aria-invalid", "aria-describedby"].forEach((name) => one.removeAttribute(name));
      if (one.type === "checkbox") one.checked = false;
      else if (one.tagName === "SELECT") one.value = one.name.startsWith("comparison") ? "at_least" : "";
      else one.value = "";
    });
    grid.append(row);
    rows.value = String(number + 1);
    return true;
  }

  // Signs and classes come as people write them.
  const SIGNS = { ">=": "≥", "≧": "≥", "<=": "≤", "≦": "≤", "＝": "=", "": "定性" };
  function put(cell, written) {
    const text = written.replace(/\s+/g, " ").trim();
    if (cell.tagName !== "SELECT") { cell.value = text; return; }
    const wanted = SIGNS[text] && cell.name.startsWith("comparison") ? SIGNS[text] : text;
    const found = Array.from(cell.options).find((one) => one.text === wanted) ||
      Array.from(cell.options).find((one) => wanted && one.text.startsWith(wanted.replace(/指标$/, "")));
    if (found) cell.value = found.value;
  }
  // A cell with line breaks or tabs stands in quotation marks, as Excel and WPS copy it.
  function block(text) {
    const table = [[]];
    let cell = "", quoted = false;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let at = 0; at < source.length; at += 1) {
      const sign = source[at];
      if (quoted && sign === '"' && source[at + 1] === '"') { cell += '"'; at += 1; }
      else if (sign === '"' && (quoted || cell === "")) quoted = !quoted;
      else if (!quoted && (sign === "\t" || sign === "\n")) {
        table[table.length - 1].push(cell);
        cell = "";
        if (sign === "\n") table.push([]);
      } else cell += sign;
    }
    table[table.length - 1].push(cell);
    return table;
  }
  const standing = () => lines().map((row) => cellsOf(row).map((cell) => cell.value));
  const changed = () => grid.dispatchEvent(new Event("input", { bubbles: true }));

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.replace(/[\r\n]+$/, "")) || !event.target.closest("select, input")) return;
    event.preventDefault();
    before = standing();
    const [top, left] = place(event.target);
    block(text).forEach((values, down) => {
      while (lines().length <= top + down) if (!addRow()) return;
      const cells = cellsOf(lines()[top + down]);
      values.forEach((value, right) => { if (cells[left + right]) put(cells[left + right], value); });
    });
    undo.hidden = false;
    changed();
  });
  function takeBack() {
    if (!before) return;
    lines().forEach((row, down) => cellsOf(row).forEach((cell, right) => {
      const blank = cell.name.startsWith("comparison") ? "at_least" : "";
      cell.value = before[down] ? before[down][right] : blank;
    }));
    before = null;
    undo.hidden = true;
    changed();
  }
  undo.addEventListener("click", takeBack);
  grid.addEventListener("input", (event) => { if (event.isTrusted && before) { before = null; undo.hidden = true; } });

  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && before) { event.preventDefault(); takeBack(); return; }
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || !cell.matches("select, input")) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (cell.tagName === "SELECT" && event.key !== "Enter")) return;
    const [row, column] = place(cell);
    if (column < 0) return;
    event.preventDefault();
    const next = lines()[row + step];
    if (next) cellsOf(next)[column].focus();
  });

  const more = form.querySelector("button[name=more]");
  more.addEventListener("click", (event) => {
    event.preventDefault();
    const first = lines().length;
    for (let count = 0; count < 5; count += 1) addRow();
    if (lines()[first]) cellsOf(lines()[first])[0].focus();
    changed();
  });

  // What was typed into rows that this page does not have yet needs them before it is brought back.
  try {
    const kept = JSON.parse(localStorage.getItem(`typed:${document.body.dataset.who || ""}:${form.dataset.keep}`) || "null");
    const names = kept ? kept.fields.map(([name]) => Number((/^name-(\d+)$/.exec(name) || [])[1] || 0)) : [];
    const wanted = Math.max(0, ...names) + 1;
    if (kept) while (lines().length < wanted && addRow()) { /* until there are enough */ }
  } catch { /* a store that cannot be read keeps nothing */ }
})();
