// Lets who presses a button with `data-nous-push` be told things by push messages. The attribute names the page's own
// service worker, which takes in ours: importScripts("https://nous.example/sdk/worker.js").
import type { Client } from "./core";
import type { Core } from "./types";

const ASKING = "[data-nous-push]";

(window as unknown as { nous: Client }).nous.use((core) => {
  if (!core.configuration.push || !("PushManager" in window)) return;
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest<HTMLElement>(ASKING);
    if (button && core.mayStore()) void subscribe(core, button);
  });
});

async function subscribe(core: Core, button: HTMLElement): Promise<void> {
  const told = core.configuration.push as { address: string; key: string };
  try {
    const worker = await navigator.serviceWorker.register(button.dataset.nousPush as string);
    await navigator.serviceWorker.ready;
    const asked = { userVisibleOnly: true, applicationServerKey: told.key };
    const subscription = await worker.pushManager.subscribe(asked);
    const body = JSON.stringify({ key: core.key, anonymousId: core.who(true).anonymousId, subscription });
    const answer = await fetch(`${told.address}/m/push/`, { method: "POST", body, credentials: "omit" });
    button.dispatchEvent(new CustomEvent(answer.ok ? "nous:subscribed" : "nous:refused", { bubbles: true }));
  } catch {
    button.dispatchEvent(new CustomEvent("nous:refused", { bubbles: true })); // the person or the browser said no
  }
}
