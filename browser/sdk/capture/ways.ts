// How somebody uses the page: by keyboard alone, with forced colours, without motion. Facts about the session.
import type { Core } from "../types";

const KEYS_ALONE = 5;

export function watchWays(core: Core): void {
  let keys = 0;
  let pointers = 0;
  let told = false;
  document.addEventListener("keydown", ({ key }) => (keys += /^(Tab|Enter| |Arrow\w+|Escape)$/.test(key) ? 1 : 0), true);
  document.addEventListener("pointerdown", () => (pointers += 1), true);
  document.addEventListener("visibilitychange", () => {
    if (told || document.visibilityState !== "hidden") return;
    told = true;
    core.track("Session Described", {
      keyboard_only: keys >= KEYS_ALONE && !pointers,
      forced_colors: matchMedia("(forced-colors: active)").matches,
      more_contrast: matchMedia("(prefers-contrast: more)").matches,
      reduced_motion: matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
  });
}
