// Suggestions below the search box: the combobox with a list of the ARIA authoring practices. Without this file the box is a
// plain form. What the server answers is only ever shown as text.
"use strict";

const DELAY = 120; // milliseconds without a key before the server is asked
const SHORTEST = 2; // letters
const HEADINGS = { author: "People", institution: "Institutions", category: "Categories", venue: "Venues", paper: "Papers" };

function make(tag, attributes, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input");
    this.list = make("div", { id: "site-suggestions", class: "suggestions", role: "listbox", "aria-label": "Suggestions" });
    this.list.hidden = true;
    this.said = make("p", { class: "visually-hidden", role: "status" });
    form.append(this.list, this.said);
    this.options = [];
    this.active = -1;
    this.dress();
    this.listen();
  }

  dress() {
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.form.addEventListener("submit", () => this.forget());
    // Pressing a mouse button must not take the focus out of the box before the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.follow(event.target.closest("[role=option]")));
  }

  // --- Asking --------------------------------------------------------------------------------------------------------------

  ask() {
    this.forget();
    this.close();
    this.options = [];
    this.list.replaceChildren();
    if (this.input.value.trim().length < SHORTEST) return;
    this.timer = setTimeout(() => this.fetch(this.input.value), DELAY);
  }

  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  async fetch(typed) {
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const answer = await fetch(`${this.form.dataset.suggestions}?${new URLSearchParams({ q: typed })}`, { signal });
      const { results } = answer.ok ? await answer.json() : { results: [] };
      if (!signal.aborted && document.activeElement === this.input) this.show(results);
    } catch {
      // Aborted, or no connection: the box stays what it is without suggestions.
    }
  }

  // --- Showing -------------------------------------------------------------------------------------------------------------

  show(results) {
    this.list.replaceChildren();
    for (const [kind, heading] of Object.entries(HEADINGS)) {
      const found = results.filter((result) => result.kind === kind);
      if (found.length) this.list.append(this.group(kind, heading, found));
    }
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.options.forEach((option, at) => (option.id = `site-suggestion-${at}`));
    this.open();
    const number = this.options.length;
    this.said.textContent = number ? `${number} suggestion${number === 1 ? "" : "s"}` : "No suggestions";
  }

  group(kind, heading, found) {
    const title = make("p", { id: `site-suggestions-${kind}`, class: "suggestions-head", role: "presentation" }, heading);
    const group = make("div", { role: "group", "aria-labelledby": title.id, "data-kind": kind });
    group.append(title, ...found.map((result) => this.option(result)));
    return group;
  }

  option(result) {
    const option = make("div", { role: "option", "aria-selected": "false", "data-url": result.url });
    option.append(make("bdi", { class: "suggestion-name" }, result.display_name), " ");
    option.append(make("span", { class: "suggestion-hint" }, result.hint));
    return option;
  }

  open() {
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(-1);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.said.textContent = "";
    this.choose(-1);
  }

  // --- Choosing ------------------------------------------------------------------------------------------------------------

  choose(at) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.options[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.move(event);
    else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.forget();
      this.close();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.follow(this.options[this.active]);
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.choose(-1);
  }

  move(event) {
    if (!this.options.length) return;
    event.preventDefault();
    if (event.altKey && event.key === "ArrowUp") return void this.close();
    const last = this.options.length - 1;
    const down = event.key === "ArrowDown";
    if (this.list.hidden) {
      this.open();
      if (!event.altKey) this.choose(down ? 0 : last);
    } else if (down) this.choose(this.active < last ? this.active + 1 : 0);
    else this.choose(this.active > 0 ? this.active - 1 : last);
  }

  follow(option) {
    if (!option) return;
    const address = new URL(option.dataset.url, location.origin);
    if (address.origin === location.origin) location.assign(address);
  }
}

const box = document.querySelector(".site-search[data-suggestions]");
if (box) new Suggestions(box);
