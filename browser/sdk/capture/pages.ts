// Pages, also those that a script draws without loading; who turns back at once did not find what they came for.
import type { Core } from "../types";
import { answered } from "./frustration";

const BACK_MS = 7000;
const STORED = "nous_pages";
type Stay = [path: string, since: number];

export function watchPages(core: Core): void {
  let current = "";
  let way = wayOf();
  const look = (): void => {
    if (location.pathname === current) return;
    current = location.pathname;
    quickBack(core, way, core.cleanAddress(location.origin + current).slice(location.origin.length));
    core.page();
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const change = history[name];
    history[name] = function (this: History, ...given) {
      change.apply(this, given);
      answered();
      look();
    };
  }
  addEventListener("popstate", look);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    current = "";
    way = wayOf();
    look();
  });
  addEventListener("pagehide", () => core.mayStore() && keep(way));
  look();
}

function quickBack(core: Core, way: Stay[], path: string): void {
  const [before, here] = way.slice(-2);
  const now = Date.now();
  if (before?.[0] === path && here && here[0] !== path && now - here[1] <= BACK_MS) core.track("Quick Back", { screen: here[0] });
  if (here?.[0] !== path) way.push([path, now]);
}

// The way so far is the tab's own, for as long as it is open. A page waits for what its tab keeps when it is first
// asked: not where nothing came before, and no sooner than the page is left.
function wayOf(): Stay[] {
  try {
    return history.length > 1 ? (JSON.parse(sessionStorage.getItem(STORED) ?? "[]") as Stay[]) : [];
  } catch {
    return [];
  }
}

function keep(way: Stay[]): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(way.slice(-2)));
  } catch {
    // closed to us: pages that load anew are not seen together
  }
}
