// Which screens were looked at, and what was found there. No text of a page is told, only where it is.
import type { Core } from "../types";
import { fitted, type Elements } from "./places";

export type Level = "A" | "AA" | "AAA";
export type Impact = "minor" | "moderate" | "serious" | "critical";

export interface Violation extends Elements {
  rule: string;
  level: Level;
  impact: Impact;
  /** How many elements break the rule. */
  count: number;
}

type Kind = "page" | "form";
const SCANNED = "nous_scanned";
const MOST_REMEMBERED = 200;
const WORST_FIRST = ["critical", "serious", "moderate", "minor"];
/** Parts of a path that name one thing of many: a screen is what they have in common. */
const OF_MANY = /\/(?=[^/]*\d)[^/]+/g;

export class Scans {
  readonly #core: Core;
  readonly #done = new Set<string>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Look, and tell what was found, unless this browser did so for this version of the screen. */
  async once(kind: Kind, look: () => Promise<Violation[]>): Promise<void> {
    const screen = new URL(this.#core.cleanAddress(location.href)).pathname;
    const route = screen.replace(OF_MANY, "/:id");
    const build = document.querySelector<HTMLMetaElement>("meta[name=nous-build]")?.content ?? "";
    const version = [kind, route, build || new Date().toISOString().slice(0, 10)].join(" ");
    if (this.#done.has(version) || remembered().includes(version)) return;
    this.#done.add(version);
    let found: Violation[];
    try {
      found = await look();
    } catch {
      this.#done.delete(version); // another look is at it: the next page view tries again
      return;
    }
    if (this.#core.mayStore()) remember(version);
    found.sort((one, other) => WORST_FIRST.indexOf(one.impact) - WORST_FIRST.indexOf(other.impact));
    this.#core.track("Accessibility Scanned", { kind, screen, route, build, width: innerWidth, violations: fitted(found) });
  }
}

function remembered(): string[] {
  try {
    return JSON.parse(localStorage.getItem(SCANNED) ?? "[]") as string[];
  } catch {
    return []; // closed to us
  }
}

function remember(version: string): void {
  try {
    localStorage.setItem(SCANNED, JSON.stringify([...remembered(), version].slice(-MOST_REMEMBERED)));
  } catch {
    // full or closed: looked at once more on the next page
  }
}
