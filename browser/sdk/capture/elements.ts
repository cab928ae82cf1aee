// What an element is called: by people who see or hear it, and by us when it comes back on the next page.
import type { Core } from "../types";

const MOST_TEXT = 80;
const CLICKABLE = "a[href],button,summary,label,select,input,textarea,[role=button],[role=link],[role=menuitem],[role=tab],[role=option],[role=checkbox],[role=radio],[role=switch]";
const ROLES: Record<string, string> = { A: "link", BUTTON: "button", SELECT: "combobox", TEXTAREA: "textbox", SUMMARY: "button" };
/** What made ids look different on each page: numbers, and what frameworks count up. */
const MADE = /\d{2,}|^:r|^radix-|^ember\d|^react-/;
/** Browsers look through the whole page for labels: what says its name itself is not asked for one. */
const FIELD = /^(INPUT|TEXTAREA|SELECT|METER|PROGRESS|OUTPUT)$/;
/** What is written otherwise, say an address, no developer called an element. */
const PLAIN = /^[\w:.-]+$/;

let cleanText: Core["cleanText"];
/** The rules by which names are cleaned are those of the core: they are not loaded twice. */
export const cleanBy = (core: Core): unknown => (cleanText = core.cleanText);

/** The nearest element that looks clickable, if any. */
export function clickableOf(target: Element): Element | null {
  const found = target.closest(CLICKABLE);
  if (found) return found;
  return getComputedStyle(target).cursor === "pointer" ? target : null;
}

export function roleOf(element: Element): string {
  return element.getAttribute("role") ?? ROLES[element.tagName] ?? (element as HTMLInputElement).type ?? element.tagName.toLowerCase();
}

/** The accessible name, as far as a page can tell it; never what somebody typed. */
export function nameOf(element: Element): string {
  const labelled = element.getAttribute("aria-labelledby")?.split(/\s+/).map((id) => document.getElementById(id)?.textContent);
  const label = (): string | null | undefined => (FIELD.test(element.tagName) ? (element as HTMLInputElement).labels?.[0]?.textContent : null);
  const said = element.getAttribute("aria-label") ?? labelled?.join(" ") ?? label() ?? element.getAttribute("alt") ?? ownText(element) ?? element.getAttribute("title");
  return cleanText((said ?? "").replace(/\s+/g, " ").trim()).slice(0, MOST_TEXT);
}

/** A selector that is the same on the next visit: a test id or an id that nobody counted, else the way from one. */
export function selectorOf(element: Element): string {
  const parts: string[] = [];
  for (let one: Element | null = element; one && one !== document.documentElement && parts.length < 5; one = one.parentElement) {
    const known = marked(one);
    parts.unshift(known ?? placed(one));
    if (known) break;
  }
  return parts.join(" > "); // cleaned with the event that tells it
}

function marked(element: Element): string | undefined {
  for (const name of ["data-testid", "data-test", "data-nous"]) {
    const value = element.getAttribute(name);
    if (value) return `[${name}="${value}"]`;
  }
  return PLAIN.test(element.id) && !MADE.test(element.id) ? `#${CSS.escape(element.id)}` : undefined;
}

function placed(element: Element): string {
  const tag = element.tagName.toLowerCase();
  const alike = [...(element.parentElement?.children ?? [])].filter((one) => one.tagName === element.tagName);
  return alike.length > 1 ? `${tag}:nth-of-type(${alike.indexOf(element) + 1})` : tag;
}

function ownText(element: Element): string | null {
  if (/^(INPUT|TEXTAREA|SELECT|BODY|HTML|MAIN|FORM)$/.test(element.tagName) || (element as HTMLElement).isContentEditable) return null;
  return element.textContent || null;
}
