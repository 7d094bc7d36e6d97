// A quiz in the browser: radio buttons, or check boxes where several answers are right, and below each answer
// that is chosen its reason. The words come from the book's files; they are set as text, `…` as code.

function make(tag, name, parent, text) {
  const node = document.createElement(tag);
  if (name) node.className = `netbook-${name}`;
  (text ?? "").split("`").forEach((part, n) => {
    if (!part) return;
    if (n % 2) node.append(Object.assign(document.createElement("code"), { textContent: part }));
    else node.append(part);
  });
  parent?.append(node);
  return node;
}

let forms = 0; // radio buttons belong together by a name, which must be this form's alone

function render({ model, el }) {
  const form = `netbook-quiz-${forms++}`;
  const root = make("div", "form", el);
  root.classList.add("netbook-quiz");
  // Arrow keys choose an answer: JupyterLab shall not take them to go to another cell. Those with Ctrl it may have.
  const shield = ({ ctrlKey, metaKey }) => {
    for (const input of root.querySelectorAll("input"))
      input.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || metaKey));
  };
  root.addEventListener("keydown", shield);
  root.addEventListener("keyup", shield);
  const given = (question) => model.get("given")[question.id] ?? [];
  const drawn = [];

  model.get("questions").forEach((question, number) => {
    const field = make("fieldset", "question", root);
    make("legend", "", field, `${number + 1}. ${question.text}${question.many ? " (more than one is right)" : ""}`);
    const rows = question.answers.map((answer, n) => {
      const row = make("div", "answer", field);
      const label = make("label", "", row);
      const input = make("input", "", label);
      input.type = question.many ? "checkbox" : "radio";
      input.name = `${form}-${number}`;
      make("span", "", label, `${String.fromCharCode(97 + n)}) ${answer.text}`);
      const reason = make("div", "reason", row);
      reason.setAttribute("role", "status"); // read aloud when it comes
      input.addEventListener("change", () => choose(question, n, input.checked));
      return { answer, input, reason };
    });
    const count = make("div", "count", field);
    count.setAttribute("role", "status");
    drawn.push({ question, rows, count });
  });

  function choose(question, n, checked) {
    const others = question.many ? given(question).filter((other) => other !== n) : [];
    const chosen = checked ? [...others, n].sort() : others;
    const { [question.id]: _, ...rest } = model.get("given");
    model.set("given", chosen.length ? { ...rest, [question.id]: chosen } : rest);
    model.save_changes();
    draw(); // also without a kernel
  }

  function draw() {
    for (const { question, rows, count } of drawn) {
      const chosen = given(question);
      rows.forEach(({ answer, input, reason }, n) => {
        input.checked = chosen.includes(n);
        const words = input.checked ? answer.verdict : "";
        if (reason.dataset.words !== words) {
          reason.replaceChildren(...make("div", "", null, words).childNodes);
          reason.dataset.words = words;
        }
        reason.dataset.right = answer.right;
      });
      const right = rows.filter(({ answer }) => answer.right).length;
      const found = rows.filter(({ answer, input }) => answer.right && input.checked).length;
      count.textContent = question.many && chosen.length ? `${found} of ${right} right answers chosen.` : "";
    }
  }

  model.on("change:given", draw);
  shield({});
  draw();
  return () => model.off("change:given", draw);
}

export default { render };
