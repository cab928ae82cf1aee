// The script of a page: <script async src="https://HOST/sdk/nous.js" data-key="WRITE KEY"></script>
import { Client } from "./core";

interface Waiting {
  nous?: unknown;
}

const own = document.currentScript as HTMLScriptElement | null;
const key = own?.dataset.key;
if (key) {
  const waiting = (window as Waiting).nous;
  const client = new Client(key, own!.dataset.host ?? new URL(own!.src).origin);
  (window as Waiting).nous = client;
  if (Array.isArray(waiting)) client.push(...waiting);
}
