// Requests and errors of the page: what failed is told, what runs is known to those who wait for an answer.
import type { Core } from "../types";

type Listener = () => void;
const begun = new Set<Listener>();
const failed = new Set<Listener>();
let running = 0;

/** Whether a request is under way. */
export const isWaiting = (): boolean => running > 0;
export const onRequest = (listener: Listener): unknown => begun.add(listener);
export const onTrouble = (listener: Listener): unknown => failed.add(listener);

export function watchRequests(core: Core): void {
  watchFetch(core);
  watchXhr(core);
  addEventListener("error", (event) => told(core, event.message, event.filename, event.lineno));
  addEventListener("unhandledrejection", (event) => told(core, String((event.reason as Error)?.message ?? event.reason)));
}

function told(core: Core, message: string, source = "", line = 0): void {
  failed.forEach((listener) => listener());
  core.track("Error Occurred", { message: message.slice(0, 300), source: source && core.cleanAddress(source), line });
}

function watchFetch(core: Core): void {
  const send = window.fetch;
  window.fetch = async (...given: Parameters<typeof fetch>) => {
    const [resource, options] = given;
    const address = resource instanceof Request ? resource.url : String(resource);
    if (isOurs(core, address)) return send(...given);
    const method = options?.method ?? (resource instanceof Request ? resource.method : "GET");
    start();
    try {
      const answer = await send(...given);
      ended(core, address, method, answer.status);
      return answer;
    } catch (trouble) {
      // who stops a request does not see it fail
      ended(core, address, method, (trouble as Error).name === "AbortError" ? 200 : 0);
      throw trouble;
    }
  };
}

function watchXhr(core: Core): void {
  const { open, send } = XMLHttpRequest.prototype;
  const asked = new WeakMap<XMLHttpRequest, [string, string]>();
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...given: unknown[]) {
    asked.set(this, [String(given[0]), String(given[1])]);
    return (open as (...all: unknown[]) => void).apply(this, given);
  };
  XMLHttpRequest.prototype.send = function (this: XMLHttpRequest, ...given) {
    const [method, address] = asked.get(this) ?? ["GET", ""];
    if (!isOurs(core, address)) {
      start();
      this.addEventListener("abort", () => ended(core, address, method, 200));
      this.addEventListener("load", () => ended(core, address, method, this.status));
      for (const kind of ["error", "timeout"]) this.addEventListener(kind, () => ended(core, address, method, 0));
    }
    return send.apply(this, given);
  };
}

function start(): void {
  running += 1;
  begun.forEach((listener) => listener());
}

function ended(core: Core, address: string, method: string, status: number): void {
  running -= 1;
  if (status > 0 && status < 400) return;
  failed.forEach((listener) => listener());
  core.track("Request Failed", { address: core.cleanAddress(address), method: method.toUpperCase(), status });
}

function isOurs(core: Core, address: string): boolean {
  return URL.canParse(address, location.href) && new URL(address, location.href).href.startsWith(`${core.host}/`);
}
