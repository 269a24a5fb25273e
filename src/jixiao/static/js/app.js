// What plain pages cannot do alone: asking before danger, one submit per click, keeping what is typed. Decides nothing:
// the server has tokens, versions and permissions, and every journey goes on without this file.
(function () {
  "use strict";

  const KEPT = `typed:${document.body.dataset.who || ""}:`;
  const DAYS = 7 * 24 * 3600 * 1000;

  // Switches in the top bar: one open at a time; Escape and a click outside close it.
  function closePicks(except) {
    document.querySelectorAll("details.pick[open]").forEach((pick) => { if (pick !== except) pick.open = false; });
  }
  document.addEventListener("click", (event) => closePicks(event.target.closest("details.pick")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const pick = document.querySelector("details.pick[open]");
    closePicks(null);
    if (pick) pick.querySelector("summary").focus();
    const menu = document.getElementById("menu-open");
    if (menu) menu.checked = false;
  });

  // A question before a dangerous button; then the form goes once.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  }, true);
  function again(form) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(again));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (!form) return;
    again(form);
    if (event.detail.successful && form.dataset.keep) store(KEPT + form.dataset.keep, null);
  });

  // What is typed into form[data-keep] stays on this computer, for this person, until the server has taken it.
  function secret(field) {
    return ["password", "file", "hidden", "submit", "button"].includes(field.type) || !field.name;
  }
  function store(key, value) {
    try {
      if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
    } catch { /* a full or forbidden store loses the convenience, not the page */ }
  }
  function read(key) {
    try { return JSON.parse(localStorage.getItem(key) || "null"); } catch { return null; }
  }
  function typed(form) {
    return Array.from(form.elements).filter((field) => !secret(field)).map((field) =>
      [field.name, ["checkbox", "radio"].includes(field.type) ? field.checked : field.value, field.value]);
  }
  function keep(form) {
    store(KEPT + form.dataset.keep, JSON.stringify({ at: Date.now(), fields: typed(form) }));
  }
  function restore(form, kept) {
    const left = kept.fields.slice();
    Array.from(form.elements).filter((field) => !secret(field)).forEach((field) => {
      const ticked = ["checkbox", "radio"].includes(field.type);
      const found = left.findIndex(([name, , value]) => name === field.name && (!ticked || value === field.value));
      if (found < 0) return;
      const [, value] = left.splice(found, 1)[0];
      if (ticked) field.checked = value; else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  function offer(form) {
    const key = KEPT + form.dataset.keep;
    const kept = read(key);
    if (!kept || Date.now() - kept.at > DAYS || JSON.stringify(kept.fields) === JSON.stringify(typed(form))) {
      store(key, null);
      return;
    }
    const note = document.createElement("div");
    const time = new Date(kept.at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });
    note.className = "kept";
    note.setAttribute("role", "status");
    note.append(`${time} 填过的内容还没有存入系统。`);
    [["带回来", () => restore(form, kept)], ["不要了", () => store(key, null)]].forEach(([words, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet";
      button.textContent = words;
      button.addEventListener("click", () => { act(); note.remove(); });
      note.append(button);
    });
    form.prepend(note);
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form && !secret(event.target)) keep(form);
  });
  // The page after a save tells whether it was taken: sign-in, error pages and forms with errors say that it was not.
  const SENT = "sent";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-keep]:not([hx-post])")) sessionStorage.setItem(SENT, KEPT + form.dataset.keep);
  });
  const sent = sessionStorage.getItem(SENT);
  if (sent) {
    sessionStorage.removeItem(SENT);
    if (document.body.dataset.answer === "taken" && !document.getElementById("errors")) store(sent, null);
  }
  document.querySelectorAll("form[data-keep]").forEach(offer);

  // Fragments that could not be had: say so, with the way on; what was typed is still in the page and in the store.
  const SORRY = { 401: "登录已过期，填写的内容留在本机。", 403: "您的账号不能办理这一步。", 404: "这份材料不在了，或不在您的查看范围内。" };
  function notice(words, href, label) {
    const box = document.getElementById("notices");
    const note = document.createElement("div");
    note.className = "notice t-bad";
    note.setAttribute("role", "alert");
    note.append(words);
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = label;
      note.append(" ", link);
    }
    box.replaceChildren(note);
    note.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const login = event.detail.xhr.getResponseHeader("Location");
    const words = SORRY[status] || "系统出错，这一步没有办成，请稍后再试。";
    if (status === 401 && login) notice(words, login, "重新登录后接着填");
    else notice(words);
  });
  document.addEventListener("htmx:sendError", () => notice("连不上服务器，请检查网络后再试；填写的内容还在本页。"));

  // After a refused form the summary of errors is where reading goes on.
  const wrong = document.getElementById("errors");
  if (wrong) wrong.focus();
})();
