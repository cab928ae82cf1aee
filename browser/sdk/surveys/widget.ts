// A survey on a customer's page: one question at a time, in a tree of its own that the page's style does not reach.
interface Choice {
  id: string;
  text: string;
}

interface Question {
  kind: string;
  text: string;
  help: string;
  low: string;
  high: string;
  marks: string[];
  choices: Choice[];
  many: boolean;
  required: boolean;
  last: boolean;
}

/** What the server answers: a question with the state of its form, or thanks; `link` with the first alone. */
export interface Sheet {
  link?: string;
  state: string;
  language: string;
  direction: string;
  words: Record<string, string>;
  thanks: string;
  over: string;
  question: Question | null;
  style: string;
  corner: string;
  trouble?: string;
}

export class Widget {
  readonly #address: string;
  readonly #host = document.createElement("div");
  readonly #box = element("div", { role: "dialog", "aria-labelledby": "asked", class: "survey" });
  readonly #clean: (text: string) => string;
  readonly #ended: () => void;
  readonly #before = document.activeElement;
  #sheet: Sheet;
  #answered = false;

  constructor(address: string, sheet: Sheet, style: string, clean: (text: string) => string, ended: () => void) {
    this.#address = `${address}/s/${sheet.link}`;
    this.#sheet = sheet;
    this.#clean = clean;
    this.#ended = ended;
    const looks = new CSSStyleSheet();
    looks.replaceSync(style + sheet.style);
    const root = this.#host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [looks];
    root.append(this.#box);
    // what somebody answers is told by the server alone, and of an anonymous survey not by whom
    for (const one of [this.#host, this.#box]) for (const name of ["ignore", "hide"]) one.setAttribute(`data-nous-${name}`, "");
    this.#box.classList.add(sheet.corner);
    this.#box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  show(): void {
    document.body.append(this.#host);
    this.#draw();
    // Who types is not interrupted: the question is announced, and reached by the Tab key.
    if (!isTyping(this.#before)) this.#focus();
  }

  /** Closed before the first answer is dismissed. */
  close(): void {
    if (!this.#answered) navigator.sendBeacon(`${this.#address}/dismiss/`);
    const inside = document.activeElement === this.#host;
    this.#host.remove();
    if (inside && this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
    this.#ended();
  }

  #focus(): void {
    (this.#box.querySelector("h2") as HTMLElement | null)?.focus({ preventScroll: true });
  }

  #draw(): void {
    const { question, words, language, direction, thanks, over } = this.#sheet;
    this.#box.lang = language;
    this.#box.dir = direction;
    const close = element("button", { type: "button", class: "close", "aria-label": words.close }, "×");
    close.addEventListener("click", () => this.close());
    const heading = element("h2", { id: "asked", tabindex: "-1" }, question?.text ?? (over || thanks));
    const spoken = element("p", { role: "status", class: "hidden" });
    this.#box.replaceChildren(close, heading, ...(question ? [this.#form(question)] : []), spoken);
    setTimeout(() => (spoken.textContent = heading.textContent));
  }

  #form(question: Question): HTMLElement {
    const { words } = this.#sheet;
    const form = element("form", { novalidate: "" });
    const trouble = element("p", { role: "alert", class: "trouble" });
    const send = element("button", { type: "submit", class: "send" }, question.last ? words.send : words.next);
    if (question.help) form.append(element("p", { class: "small" }, question.help));
    form.append(...fields(question));
    if (!question.required && question.kind !== "statement") {
      form.append(element("p", { class: "small" }, `(${words.optional})`));
    }
    form.append(trouble, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(new FormData(form as HTMLFormElement), trouble);
    });
    return form;
  }

  async #send(data: FormData, trouble: HTMLElement): Promise<void> {
    const { state, language, words } = this.#sheet;
    const given = { state, language, answer: data.getAll("answer"), words: this.#clean(String(data.get("words") ?? "")) };
    trouble.textContent = "";
    try {
      const body = JSON.stringify(given);
      const answer = await fetch(`${this.#address}/take/`, { method: "POST", body, credentials: "omit", keepalive: true });
      const found = (await answer.json()) as Sheet;
      if (!answer.ok) throw new Error(found.trouble);
      this.#answered = true;
      this.#sheet = { ...this.#sheet, ...found };
      this.#draw();
      this.#focus();
    } catch (error) {
      trouble.textContent = (error instanceof TypeError ? "" : (error as Error).message) || (words.failed ?? "");
    }
  }
}

function fields(question: Question): HTMLElement[] {
  const set = element("div", { role: question.many ? "group" : "radiogroup", "aria-labelledby": "asked" });
  if (question.kind === "open") {
    return [element("textarea", { name: "words", rows: "4", maxlength: "4000", "aria-labelledby": "asked" })];
  }
  if (question.marks.length) {
    set.className = "marks";
    const ends = new Map([[0, question.low], [question.marks.length - 1, question.high]]);
    set.append(
      ...question.marks.map((mark, at) => {
        const end = ends.get(at);
        const hidden = end ? [element("span", { class: "hidden" }, `, ${end}`)] : [];
        return choice("radio", mark, element("span", {}, mark, ...hidden));
      }),
    );
    const shown = element("p", { class: "ends", "aria-hidden": "true" });
    shown.append(element("span", {}, question.low), element("span", {}, question.high));
    return [set, shown];
  }
  set.className = "choices";
  const kind = question.many ? "checkbox" : "radio";
  set.append(...question.choices.map((one) => choice(kind, one.id, element("span", {}, one.text))));
  return question.choices.length ? [set] : [];
}

function choice(type: string, value: string, words: HTMLElement): HTMLElement {
  return element("label", {}, element("input", { type, name: "answer", value }), words);
}

function element(name: string, attributes: Record<string, string | undefined>, ...inside: (Node | string | undefined)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value ?? "");
  made.append(...inside.filter((one) => one !== undefined));
  return made;
}

function isTyping(where: Element | null): boolean {
  return where instanceof HTMLElement && (where.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(where.tagName));
}
