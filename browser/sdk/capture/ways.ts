// How somebody uses the page: by keyboard alone, with forced colours, without motion. Facts about the session.
import type { Core } from "../types";

const KEYS_ALONE = 5;

export function watchWays(core: Core): void {
  let keys = 0;
  let points = false;
  let told = false;
  const counted = ({ key }: KeyboardEvent): void => void (keys += /^(Tab|Enter| |Arrow\w+|Escape)$/.test(key) ? 1 : 0);
  const pointed = (): void => {
    points = true;
    document.removeEventListener("keydown", counted, true); // what keys do is no longer asked
  };
  document.addEventListener("keydown", counted, true);
  document.addEventListener("pointerdown", pointed, { capture: true, once: true });
  document.addEventListener("visibilitychange", () => {
    if (told || document.visibilityState !== "hidden") return;
    told = true;
    core.track("Session Described", {
      keyboard_only: keys >= KEYS_ALONE && !points,
      forced_colors: matchMedia("(forced-colors: active)").matches,
      more_contrast: matchMedia("(prefers-contrast: more)").matches,
      reduced_motion: matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
  });
}
