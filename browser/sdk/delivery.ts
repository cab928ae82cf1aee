// Messages stay in storage until the server has them; a message that comes twice is counted once, by its id.
import { LAST_BYTES, Line } from "./line";
import { forget, known, names, write } from "./storage";
import type { Message } from "./types";

const WAIT_MS = 2000;
const MOST_MESSAGES = 1000;
const STORED_WITHIN_MS = 1000;
const BATCH_BYTES = 400_000;
/** A tab writes its queue anew with each message; one that was silent for longer is gone or has nothing to send. */
const ORPHANED_MS = 60_000;

export class Delivery {
  readonly #line: Line;
  readonly #key: string;
  readonly #name = "queue_" + crypto.randomUUID();
  /** Written as JSON once: it is stored, measured and sent as it stands. */
  #waiting: string[] = [];
  #timer = 0;
  #storing = 0;
  #sending = false;

  constructor(host: string, key: string) {
    this.#line = new Line(`${host}/v1/batch`);
    this.#key = key;
    addEventListener("online", () => this.flush());
    for (const kind of ["pagehide", "visibilitychange"]) addEventListener(kind, () => this.#sendLast(), true);
  }

  add(message: Message): void {
    this.#waiting.push(JSON.stringify(message));
    if (this.#waiting.length > MOST_MESSAGES) this.#waiting.shift();
    this.#storing ||= setTimeout(() => this.#remember(), STORED_WITHIN_MS);
    this.#plan(WAIT_MS);
    // more than may be sent while the page goes away does not wait for that
    const fits = fitting(this.#waiting, LAST_BYTES).length === this.#waiting.length;
    if (!fits && !this.#line.failures) void this.flush();
  }

  /** Take over what other tabs left, once storage may be read. */
  adopt(): void {
    for (const name of names().filter((one) => one.startsWith("queue_") && one !== this.#name)) {
      const [at, messages] = known<[number, Message[]]>(name) ?? [0, []];
      if (Date.now() - at < ORPHANED_MS) continue;
      forget(name);
      for (const one of messages) this.#waiting.push(JSON.stringify(one));
    }
    if (this.#waiting.length) this.flush();
  }

  drop(): void {
    this.#waiting = [];
    forget(this.#name);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#sending || !this.#waiting.length) return;
    this.#sending = true;
    const batch = fitting(this.#waiting, BATCH_BYTES);
    const pause = await this.#line.send(this.#body(batch));
    this.#sending = false;
    if (!pause) this.#done(batch);
    if (this.#waiting.length) this.#plan(pause);
  }

  #plan(wait: number): void {
    this.#timer ||= setTimeout(() => this.flush(), wait);
  }

  #sendLast(): void {
    this.#remember();
    const batch = fitting(this.#waiting, LAST_BYTES);
    if (!batch.length) return;
    // what could not be sent stays stored for the next page
    void this.#line.sendLast(this.#body(batch)).then((done) => done && this.#done(batch));
  }

  #done(batch: string[]): void {
    this.#waiting = this.#waiting.filter((message) => !batch.includes(message));
    this.#remember();
  }

  #body(batch: string[]): string {
    return `{"writeKey":"${this.#key}","sentAt":"${new Date().toISOString()}","batch":[${batch}]}`;
  }

  #remember(): void {
    clearTimeout(this.#storing);
    this.#storing = 0;
    if (!this.#waiting.length) forget(this.#name);
    else write(this.#name, `[${Date.now()},[${this.#waiting}]]`);
  }
}

/** The first of them, and in any case one where a request may be large. */
function fitting(messages: string[], most: number): string[] {
  let size = 100;
  return messages.filter((one, place) => (size += one.length * 1.1 + 1) <= most || (!place && most > LAST_BYTES));
}
