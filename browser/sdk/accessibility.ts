// What on a screen cannot be read, named or reached: looked at once a version, while nobody waits for anything.
import { watchFormErrors } from "./accessibility/forms";
import { Scans, type Violation } from "./accessibility/scans";
import { violations } from "./accessibility/rules";
import type { Client } from "./core";

const IDLE_MS = 10_000;
/** Safari knows no idle time. */
const whenIdle = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 1000));

(window as unknown as { nous: Client }).nous.use((core) => {
  const scans = new Scans(core);
  const scan = (): void => {
    whenIdle(() => void scans.once("page", violations), { timeout: IDLE_MS });
  };
  core.listen((event) => event === "Page Viewed" && scan());
  watchFormErrors((found: Violation) => void scans.once("form", () => Promise.resolve([found])));
  if (document.readyState === "complete") scan();
  else addEventListener("load", scan, { once: true });
});
