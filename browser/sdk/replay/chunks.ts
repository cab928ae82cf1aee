// Pieces of recordings on their way: one after another, stored when the page goes, sent again until they arrived.
import { LAST_BYTES, Line } from "../line";
import { forget, names, openStorage, read, write } from "../storage";
import type { Core } from "../types";

const PREFIX = "replay_";
const MOST_WAITING = 4_000_000;
const MOST_STORED = 1_000_000;
/** What a tab that is still open left is its own. */
const ORPHANED_MS = 60_000;

export interface Chunk {
  chunkId: string;
  windowId: string;
  [known: string]: unknown;
  /** The events as JSON. */
  events: string;
}

export class Chunks {
  readonly #core: Core;
  readonly #line: Line;
  readonly #name: string;
  readonly #onGap: () => void;
  #waiting: Chunk[] = [];
  #timer = 0;
  #sending = false;
  #gap = false;

  /** `onGap` is called when pieces were lost and the line is there again. */
  constructor(core: Core, windowId: string, onGap: () => void) {
    this.#core = core;
    this.#line = new Line(`${core.host}/v1/replay?writeKey=${encodeURIComponent(core.key)}`);
    this.#name = PREFIX + windowId;
    this.#onGap = onGap;
    openStorage(); // this part is loaded where it may store
    this.#adopt();
    addEventListener("online", () => void this.flush());
  }

  add(chunk: Chunk): void {
    this.#waiting.push(chunk);
    while (sizeOf(this.#waiting) > MOST_WAITING) {
      this.#waiting.shift();
      this.#gap = true;
    }
    if (!this.#timer) void this.flush();
  }

  drop(): void {
    this.#waiting = [];
    forget(this.#name);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const chunk = this.#waiting[0];
    if (this.#sending || !chunk) return;
    this.#sending = true;
    const pause = await this.#line.send(bodyOf(chunk));
    this.#sending = false;
    if (pause) {
      this.#timer = window.setTimeout(() => void this.flush(), pause);
      return;
    }
    this.#done(chunk);
    if (this.#gap) {
      this.#gap = false;
      this.#onGap();
    }
    void this.flush();
  }

  /** The page goes away: what fits is sent, all that has not arrived is stored for the next page. */
  sendLast(): void {
    this.#remember();
    let room = LAST_BYTES;
    for (const chunk of this.#waiting) {
      const body = bodyOf(chunk);
      room -= new Blob([body]).size;
      if (room < 0) return;
      void this.#line.sendLast(body).then((done) => done && this.#done(chunk));
    }
  }

  #done(chunk: Chunk): void {
    this.#waiting = this.#waiting.filter((one) => one !== chunk);
    if (!this.#waiting.length) forget(this.#name);
  }

  #remember(): void {
    let kept = this.#waiting;
    while (sizeOf(kept) > MOST_STORED) kept = kept.slice(1);
    if (kept.length && this.#core.mayStore()) write(this.#name, `${Date.now()} ${JSON.stringify(kept)}`);
  }

  #adopt(): void {
    for (const name of names().filter((one) => one.startsWith(PREFIX))) {
      const [at, ...rest] = (read(name) ?? "").split(" ");
      if (name !== this.#name && Date.now() - Number(at) < ORPHANED_MS) continue;
      forget(name);
      try {
        this.#waiting.push(...(JSON.parse(rest.join(" ")) as Chunk[]));
      } catch {
        // somebody else wrote there
      }
    }
    void this.flush();
  }
}

function bodyOf({ events, ...known }: Chunk): string {
  return `${JSON.stringify({ ...known, sentAt: new Date().toISOString() }).slice(0, -1)},"events":${events}}`;
}

const sizeOf = (chunks: Chunk[]): number => chunks.reduce((size, chunk) => size + chunk.events.length, 0);
