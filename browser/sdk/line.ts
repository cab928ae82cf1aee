// One address that takes what pages tell: asked again, with patience, where it is away or busy.
const WAIT_MS = 2000;
const MOST_WAIT_MS = 60_000;
/** Browsers refuse more than 64 KiB in requests that outlive their page. */
export const LAST_BYTES = 60_000;

export class Line {
  readonly #address: string;
  /** How often in a row nobody took what was sent. */
  failures = 0;

  constructor(address: string) {
    this.#address = address;
  }

  /** Milliseconds to wait before the next attempt; 0 when the body is done with. */
  async send(body: string): Promise<number> {
    try {
      const small = body.length < 1000 ? body : await packed(body);
      // what is packed small arrives even if the tab is closed meanwhile; a text is sent again in the last moment
      const { status, headers } = await this.#post(small, (small as ArrayBuffer).byteLength < LAST_BYTES);
      if (/408|429|5../.test(status as unknown as string)) return this.#patience(headers.get("Retry-After"));
      this.failures = 0;
      return 0;
    } catch {
      return this.#patience();
    }
  }

  /** Send it while the page goes away, for which there is no time to pack it. */
  async sendLast(body: string): Promise<boolean> {
    try {
      return (await this.#post(body, true)).ok;
    } catch {
      return false;
    }
  }

  #post(body: BodyInit, keepalive = false): Promise<Response> {
    // without a type of its own, for which browsers would ask other origins first
    return fetch(this.#address, { method: "POST", body, keepalive, credentials: "omit" });
  }

  #patience(asked: string | null = null): number {
    this.failures++;
    const longer = Math.min(MOST_WAIT_MS, WAIT_MS * 2 ** this.failures) * (0.5 + Math.random() / 2);
    return Math.max(Number(asked) * 1000 || 0, longer);
  }
}

// A stream of a response costs pages less than one of a blob.
const packed = (body: string): Promise<ArrayBuffer> =>
  new Response(new Response(body).body!.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
