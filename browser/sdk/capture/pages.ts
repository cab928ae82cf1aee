// Pages, also those that a script draws without loading; who turns back at once did not find what they came for.
import type { Core } from "../types";
import { answered } from "./frustration";

const BACK_MS = 7000;
const STORED = "nous_pages";
type Stay = [path: string, since: number];

export function watchPages(core: Core): void {
  let current = "";
  const look = (): void => {
    if (location.pathname === current) return;
    current = location.pathname;
    quickBack(core, core.cleanAddress(location.origin + current).slice(location.origin.length));
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
    look();
  });
  look();
}

// The way so far is the tab's own, for as long as it is open.
function quickBack(core: Core, path: string): void {
  const way = wayOf();
  const [before, here] = way.slice(-2);
  const now = Date.now();
  if (before?.[0] === path && here && here[0] !== path && now - here[1] <= BACK_MS) core.track("Quick Back", { screen: here[0] });
  if (here?.[0] !== path) way.push([path, now]);
  if (!core.mayStore()) return;
  try {
    sessionStorage.setItem(STORED, JSON.stringify(way.slice(-2)));
  } catch {
    // closed to us: pages that load anew are not seen together
  }
}

function wayOf(): Stay[] {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "[]") as Stay[];
  } catch {
    return [];
  }
}
