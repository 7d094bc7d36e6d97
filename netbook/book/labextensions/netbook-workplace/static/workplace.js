// The workplace: the chapters by their titles at the left, and a terminal beside the first page.
//
// A JupyterLab extension of one file, with no build step: what a bundler would write for module federation is
// `init` and `get` at the end. https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html
(() => {
  const NAME = "netbook-workplace";
  const CHAPTERS = new URL("chapters.json", document.currentScript.src);
  const WIDE = 1200; // pixels; in a narrower window the page has all the room
  const PAGE = 0.62; // of the width
  const PATIENCE = 10000; // milliseconds for the page to be opened

  let shared = {};
  const load = async (module) => (await Object.values(shared[module])[0].get())();

  const STYLE = `
    .netbook-chapters { overflow: auto; padding: 8px 12px; background: var(--jp-layout-color1);
      color: var(--jp-ui-font-color1); font-size: var(--jp-ui-font-size1); }
    .netbook-chapters h2 { font-size: inherit; text-transform: uppercase; letter-spacing: 0.1em; margin: 4px 0 8px; }
    .netbook-chapters ol { list-style: none; margin: 0; padding: 0; }
    .netbook-chapters a { display: flex; gap: 8px; padding: 6px; border-radius: 4px; color: inherit; }
    .netbook-chapters a:hover { background: var(--jp-layout-color2); }
    .netbook-chapters a:focus-visible { outline: 2px solid var(--jp-brand-color1); }
    .netbook-chapters a[aria-current] { background: var(--jp-layout-color3); font-weight: 600; }
    .netbook-chapters .number { font-variant-numeric: tabular-nums; color: var(--jp-ui-font-color2); }
  `;

  const list = (chapters, open) => {
    const node = document.createElement("nav");
    node.className = "netbook-chapters";
    node.setAttribute("aria-label", "Chapters");
    const [style, heading, items] = ["style", "h2", "ol"].map((tag) => document.createElement(tag));
    style.textContent = STYLE;
    heading.textContent = "Chapters";
    for (const { number, title, summary, path } of chapters) {
      const link = document.createElement("a");
      Object.assign(link, { href: "#", title: summary });
      link.dataset.path = path;
      const [digits, words] = [document.createElement("span"), document.createElement("span")];
      digits.className = "number";
      digits.textContent = number;
      words.textContent = title;
      link.append(digits, words);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        open(path);
      });
      const item = document.createElement("li");
      item.append(link);
      items.append(item);
    }
    node.append(style, heading, items);
    return node;
  };

  const mark = (node, path) => {
    for (const link of node.querySelectorAll("a")) {
      if (link.dataset.path === path) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  const pathOf = (app, widget) => {
    const host = [...app.shell.widgets("main")].find((one) => one === widget);
    return (host && host.context && host.context.path) || "";
  };

  const page = async (app) => {
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      const found = [...app.shell.widgets("main")].find((one) => pathOf(app, one));
      if (found) return found;
      await new Promise((resume) => setTimeout(resume, 100));
    }
    return null;
  };

  // Once for each browser and book: who closes the terminal, or moves it, finds all as he left it.
  const arrange = async (app) => {
    const key = `${NAME}:${new URL(".", CHAPTERS).pathname}`;
    if (window.localStorage.getItem(key)) return;
    const beside = await page(app);
    if (!beside) return;
    window.localStorage.setItem(key, "arranged");
    const wide = window.innerWidth >= WIDE;
    if (wide) app.shell.activateById(NAME);
    else app.shell.collapseLeft();
    const isTerminal = (one) => one.node.querySelector(".jp-Terminal");
    if ([...app.shell.widgets("main")].some(isTerminal) || !app.commands.hasCommand("terminal:create-new")) return;
    const terminal = await app.commands.execute("terminal:create-new");
    app.shell.add(terminal, "main", { ref: beside.id, mode: wide ? "split-right" : "tab-after", activate: false });
    const dock = app.shell._dockPanel; // JupyterLab has no public way to say how wide
    const layout = dock && dock.saveLayout();
    if (wide && layout && layout.main && layout.main.sizes && layout.main.sizes.length === 2) {
      layout.main.sizes = [PAGE, 1 - PAGE];
      dock.restoreLayout(layout);
    }
    app.shell.activateById(beside.id);
  };

  const plugin = {
    id: `${NAME}:plugin`,
    description: "The book's chapters by their titles, and a terminal beside the page.",
    autoStart: true,
    async activate(app) {
      if (app.shell.mode === "single-document") return;
      const { Widget } = await load("@lumino/widgets");
      const answer = await fetch(CHAPTERS);
      if (!answer.ok) return;
      const chapters = await answer.json();
      const open = (path) => app.commands.execute("docmanager:open", { path });
      const widget = new Widget({ node: list(chapters, open) });
      widget.id = NAME;
      widget.title.label = "Chapters";
      widget.title.caption = "The chapters of the book";
      app.shell.add(widget, "left", { rank: 10 });
      const now = () => mark(widget.node, pathOf(app, app.shell.currentWidget));
      if (app.shell.currentChanged) app.shell.currentChanged.connect(now);
      const settle = async () => {
        await arrange(app);
        now();
      };
      app.restored.then(settle); // not awaited: JupyterLab waits for this plugin before it restores anything
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => () => ({ __esModule: true, default: [plugin] }),
  };
})();
