// Shows a message that was left for this browser: asked for when a page is seen, once a minute at most.
import type { Client } from "./core";
import type { Core } from "./types";

const PAUSE_MS = 60_000;
const ASKED = "nous_message_asked";
const STYLE = `
:host{all:initial}
section{position:fixed;z-index:2147483000;inset:auto 16px 16px auto;box-sizing:border-box;width:min(380px,calc(100vw - 32px));max-height:calc(100vh - 32px);overflow:auto;padding:20px;border:1px solid #767676;border-radius:8px;background:#fff;color:#1b1d21;font:16px/1.5 system-ui,sans-serif;box-shadow:0 8px 32px #0003}
h2{margin:0 40px 8px 0;font-size:18px;line-height:1.35;overflow-wrap:anywhere}
p{margin:0 0 12px;overflow-wrap:anywhere;white-space:pre-line}
a{display:inline-flex;align-items:center;min-height:44px;padding:0 24px;border-radius:8px;background:#1b1d21;color:#fff;font-weight:600;text-decoration:none}
button{position:absolute;top:8px;right:8px;width:44px;height:44px;border:0;background:none;color:inherit;font-size:22px;cursor:pointer}
a:focus-visible,button:focus-visible{outline:3px solid #0b62d6;outline-offset:2px}
@media (prefers-color-scheme:dark){section{background:#1b1d21;color:#f4f4f5}a{background:#f4f4f5;color:#1b1d21}a:focus-visible,button:focus-visible{outline-color:#7db4ff}}
`;

interface Message {
  title: string;
  text: string;
  button: string;
  address: string;
}

(window as unknown as { nous: Client }).nous.use((core) => {
  const address = core.configuration.messages?.address;
  const consider = (): void => {
    if (address && mayAsk(core)) void ask(address, core);
  };
  core.listen((event) => event === "Page Viewed" && consider());
  consider();
});

async function ask(address: string, core: Core): Promise<void> {
  const body = JSON.stringify({ key: core.key, anonymousId: core.who(false).anonymousId });
  try {
    const answer = await fetch(`${address}/m/ask/`, { method: "POST", body, credentials: "omit" });
    if (answer.status === 200) show(await answer.json());
  } catch {
    // what cannot be had waits for the next page
  }
}

function mayAsk(core: Core): boolean {
  if (!core.mayStore()) return false;
  try {
    if (Date.now() - Number(localStorage.getItem(ASKED) ?? 0) < PAUSE_MS) return false;
    localStorage.setItem(ASKED, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}

/** In a tree of its own that the page's style does not reach; who does something else is not interrupted. */
function show(message: Message): void {
  const host = document.createElement("div");
  const looks = new CSSStyleSheet();
  looks.replaceSync(STYLE);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [looks];
  host.setAttribute("data-nous-ignore", "");
  const box = element("section", { role: "dialog", "aria-labelledby": "title", "aria-describedby": "text" });
  const close = element("button", { type: "button", "aria-label": closing() }, "×");
  close.addEventListener("click", () => host.remove());
  box.addEventListener("keydown", (event) => event.key === "Escape" && host.remove());
  box.append(element("h2", { id: "title" }, message.title), element("p", { id: "text" }, message.text));
  if (message.button) box.append(element("a", { href: message.address }, message.button));
  box.append(close);
  root.append(box);
  document.body.append(host);
}

function closing(): string {
  const words: Record<string, string> = { de: "Schließen", es: "Cerrar", fr: "Fermer", it: "Chiudi", pt: "Fechar" };
  return words[document.documentElement.lang.slice(0, 2).toLowerCase()] ?? "Close";
}

function element(name: string, attributes: Record<string, string>, text = ""): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.textContent = text;
  return made;
}
