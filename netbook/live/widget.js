// A live view in the browser: the picture, a list of the containers laid over it, and the chosen one's tables.
// The list is what is clicked and has the keyboard; the picture below it changes without disturbing it.
// Names and values come from the engine: they are set as text, never as HTML.

const SVG = "image/svg+xml";

function make(tag, name, parent, text) {
  const node = document.createElement(tag);
  if (name) node.className = `netbook-${name}`;
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

function tableOf({ columns, rows }, caption, parent) {
  const table = make("table", "table", parent);
  make("caption", "", table, caption);
  const head = make("tr", "", make("thead", "", table));
  for (const column of columns) make("th", "", head, column).scope = "col";
  const body = make("tbody", "", table);
  for (const row of rows) {
    const line = make("tr", "", body);
    for (const value of row) make("td", "", line, value);
  }
  return table;
}

function render({ model, el }) {
  let active = ""; // where the keyboard is: a container's name
  let alone = false; // without a kernel
  const options = new Map(); // name → its element

  const root = make("div", "live", el);
  const bar = make("div", "bar", root);
  make("span", "lamp", bar);
  const state = make("span", "state", bar);
  state.setAttribute("role", "status");
  const news = make("span", "unseen", bar); // what a screen reader is told
  news.setAttribute("aria-live", "polite");
  const body = make("div", "body", root);
  const stage = make("div", "stage", body);
  const canvas = make("div", "canvas", stage);
  let drawing = canvas.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  const list = make("div", "list", canvas);
  list.tabIndex = 0;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Containers: choose one to see its tables");
  // JupyterLab shall not take the arrow keys to go to another cell, but may have those with Ctrl: saving, say.
  const shield = ({ ctrlKey, metaKey, altKey }) =>
    list.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || metaKey || altKey));
  shield({});
  list.addEventListener("keyup", shield);
  const side = make("section", "side", body);
  side.setAttribute("aria-label", "Tables of the chosen container");
  side.setAttribute("aria-live", "polite");

  const containers = () => model.get("picture").containers;
  const find = (name) => containers().find((container) => container.name === name);

  function draw() {
    const { svg, width, height } = model.get("picture");
    const read = new DOMParser().parseFromString(svg, SVG).documentElement;
    const next = document.importNode(read, true);
    drawing.replaceWith(next);
    drawing = next;
    canvas.style.maxWidth = `${width}px`;
    canvas.style.minWidth = `min(${width}px, 30rem)`;
    const first = options.size === 0;
    const gone = new Set(options.keys());
    const came = [];
    for (const { name, state, place } of containers()) {
      const [x, y, w, h] = place;
      let option = options.get(name);
      if (!option) {
        option = make("div", "option", null);
        option.id = `netbook-${Math.random().toString(36).slice(2)}`;
        option.setAttribute("role", "option");
        option.title = name;
        option.addEventListener("click", () => choose(name));
        options.set(name, option);
        if (!first) option.classList.add("netbook-new");
        came.push(name);
      }
      gone.delete(name);
      option.setAttribute("aria-label", `${name}, ${state}`);
      Object.assign(option.style, {
        left: `${(100 * x) / width}%`,
        top: `${(100 * y) / height}%`,
        width: `${(100 * w) / width}%`,
        height: `${(100 * h) / height}%`,
      });
    }
    for (const name of gone) {
      options.get(name).remove();
      options.delete(name);
    }
    containers().forEach(({ name }, i) => {
      const option = options.get(name);
      if (list.children[i] !== option) list.insertBefore(option, list.children[i] ?? null);
    });
    if (!first) {
      const said = [[came, "came"], [[...gone], "gone"]].filter(([names]) => names.length);
      news.textContent = said.map(([names, what]) => `${what}: ${names.join(", ")}`).join("; ");
    }
    mark();
    show();
  }

  function mark() {
    const selected = model.get("selected");
    if (!options.has(active)) active = options.has(selected) ? selected : "";
    for (const [name, option] of options) {
      option.setAttribute("aria-selected", String(name === selected));
      option.classList.toggle("netbook-active", name === active);
    }
    if (active) list.setAttribute("aria-activedescendant", options.get(active).id);
    else list.removeAttribute("aria-activedescendant");
  }

  function choose(name) {
    if (name) active = name;
    model.set("selected", name === model.get("selected") ? "" : name);
    model.save_changes();
  }

  let shown = ""; // what the side says now: it changes only when that does, and so keeps its scroll
  function show() {
    const name = model.get("selected");
    const found = name ? find(name) : undefined;
    const routes = model.get("routes");
    const known = found && routes.name === name ? routes.table : undefined;
    const wanted = JSON.stringify([name, found?.state, found?.addresses, found?.endpoints, known]);
    if (wanted === shown) return;
    shown = wanted;
    side.replaceChildren();
    root.classList.toggle("netbook-chosen", Boolean(name));
    if (!name) return;
    const title = make("div", "title", side);
    make("strong", "", title, name);
    make("span", "quiet", title, found ? ` · ${found.state}` : " · is gone");
    const close = make("button", "close", title, "×");
    close.type = "button";
    close.setAttribute("aria-label", "Close the tables");
    close.addEventListener("click", () => {
      choose("");
      list.focus();
    });
    if (!found) return;
    if (found.addresses) {
      tableOf(found.addresses, "ip addr", side);
      if (known) tableOf(known, "ip route", side);
    } else {
      make("p", "quiet", side, "It does not run, so it has no network namespace now.");
    }
    if (found.endpoints.rows.length) tableOf(found.endpoints, "docker inspect: networks", side);
  }

  function tell() {
    let { state: what, note } = model.get("status");
    if (what === "live" && alone) [what, note] = ["closed", "its kernel is gone"];
    root.dataset.state = what;
    const words = { live: "live: choose a container to see its tables", closed: "ended", lost: "lost" }[what] ?? what;
    state.textContent = note ? `${words}: ${note}` : words;
  }

  list.addEventListener("keydown", (event) => {
    shield(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const names = containers().map(({ name }) => name);
    const at = names.indexOf(active);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) active = names.at(at < 0 ? Math.min(step, 0) : (at + step) % names.length) ?? "";
    else if (event.key === "Home") active = names[0] ?? "";
    else if (event.key === "End") active = names.at(-1) ?? "";
    else if ((event.key === "Enter" || event.key === " ") && active) choose(active);
    else if (event.key === "Escape" && model.get("selected")) choose("");
    else return;
    event.preventDefault();
    event.stopPropagation();
    mark();
    options.get(active)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  list.addEventListener("focus", () => {
    if (!active) active = containers()[0]?.name ?? "";
    mark();
  });

  const react = {
    "change:picture": draw,
    "change:selected": () => { mark(); show(); },
    "change:routes": show,
    "change:status": tell,
    "comm_live_update": () => { alone = true; tell(); }, // ipywidgets: the kernel was restarted
  };
  for (const [what, work] of Object.entries(react)) model.on(what, work);
  draw();
  tell();
  return () => {
    for (const [what, work] of Object.entries(react)) model.off(what, work);
  };
}

export default { render };
