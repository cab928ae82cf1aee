// What applications import: the same script, begun by a call.
import type { Nous } from "./calls.js"; // with its ending, which some that read the types ask for
import { Client } from "./core";
export type { Nous, Properties } from "./calls.js";

/** Begin to tell what happens on this page; a second call answers what the first one did. */
export function connect({ key, host }: { key: string; host: string }): Nous {
  const page = window as { nous?: unknown };
  const waiting = page.nous;
  if (waiting instanceof Client) return waiting;
  const client = new Client(key, host.replace(/\/+$/, ""));
  page.nous = client; // where parts that are loaded later find it
  if (Array.isArray(waiting)) client.push(...waiting);
  return client;
}
