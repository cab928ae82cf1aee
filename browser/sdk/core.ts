// The part that every page loads: who, which session, what happened, and whether it may be told at all.
import { context, forgetSize, page } from "./context";
import { Delivery } from "./delivery";
import { anonymousId, become, forgetPerson, openSession, sessionId, userId } from "./identity";
import { clean, cleanAddress, cleanName, cleanText, keepQuery } from "./scrub";
import { closeStorage, forget, known, openStorage, writeJson } from "./storage";
import type { Configuration, Listener, Message, Nous, Part, Properties } from "./types";

const MOST_HELD = 200;
const FRESH_MS = 300_000;
const SAFE: Configuration = { consent: true, sample: 0, parts: {}, query: [] };
type Call = [name: string, ...given: unknown[]];

export class Client implements Nous {
  readonly #key: string;
  readonly #host: string;
  readonly #delivery: Delivery;
  #configuration: Configuration | undefined;
  #held: (() => void)[] = [];
  #undecided: (() => void)[] = [];
  #watchers: Listener[] = [];

  constructor(key: string, host: string) {
    this.#key = key;
    this.#host = host;
    this.#delivery = new Delivery(host, key);
    addEventListener("resize", forgetSize);
    void this.#configure();
  }

  track(event: string, properties?: Properties, at = Date.now(), type = "track"): void {
    this.#tell({ type, event, properties, timestamp: new Date(at) });
  }

  page(name?: string, properties?: Properties): void {
    this.#tell({ type: "page", name, properties });
  }

  identify(id: string, traits?: Properties): void {
    this.#tell({ type: "identify", traits }, () => this.#become(id));
  }

  group(groupId: string, traits?: Properties): void {
    this.#tell({ type: "group", traits }, () => ({ groupId }));
  }

  alias(id: string): void {
    this.#tell({ type: "alias" }, () => {
      const previousId = userId() ?? anonymousId();
      this.#become(id);
      return { previousId };
    });
  }

  reset(): void {
    this.#once(forgetPerson);
  }

  /** What somebody allows, by purpose; without `analytics` nothing is stored and nothing is told but this. */
  consent(given: Record<string, boolean>): void {
    this.#once(() => {
      const all = { ...this.#given(), ...given };
      this.#sendChoice(given);
      if (all.analytics === false) {
        this.#undecided = [];
        void this.#delivery.flush().then(() => this.#delivery.drop());
        closeStorage();
      }
      writeJson("consent", all);
      this.#begin();
    });
  }

  flush(): Promise<void> {
    return this.#delivery.flush();
  }

  /** Give a part what it may use; parts call this when they are loaded. */
  use(part: Part): void {
    this.#once(() =>
      part({
        configuration: this.#configuration as Configuration,
        // parts name their properties themselves: by what has no type, none is left out
        track: (event, properties, at) => this.track(event, properties, at, ""),
        page: this.page.bind(this),
        mayStore: () => !!this.#allowed(),
        cleanText,
        cleanName,
        cleanAddress,
        host: this.#host,
        key: this.#key,
        who: (acts) => ({ sessionId: acts ? sessionId() : openSession(), anonymousId: anonymousId(), userId: userId() }),
        mayRecord: () => this.#mayRecord(),
        listen: (listener) => this.#watchers.push(listener),
      }),
    );
  }

  /** What pages ask before this script is there: `nous.push(["track", "Order Completed"])`. */
  push(...calls: Call[]): void {
    const own = this as unknown as Record<string, ((...given: unknown[]) => unknown) | undefined>;
    for (const [name, ...given] of calls) own[name]?.(...given);
  }

  async #configure(): Promise<void> {
    this.#configuration = await configurationOf(this.#host, this.#key);
    keepQuery(this.#configuration.query);
    this.#begin();
    for (const act of this.#held.splice(0)) act();
  }

  #begin(): void {
    if (!this.#configuration || !this.#allowed()) return;
    openStorage();
    for (const act of this.#undecided.splice(0)) act();
    this.#delivery.adopt();
    const { sample, parts, shares } = this.#configuration;
    for (const [name, path] of Object.entries(parts)) {
      const among = isAmong(anonymousId(), sample) && isAmong(sessionId(), shares?.[name] ?? 1);
      // each survey has a share of its own
      const wanted = name === "replay" ? this.#mayRecord() : among || name === "surveys";
      if (!wanted) continue;
      delete parts[name]; // loaded once
      // a policy that names scripts by a number used once has given it to another script of the page
      const nonce = document.querySelector<HTMLElement>("[nonce]")?.nonce;
      document.head.append(Object.assign(document.createElement("script"), { src: this.#host + path, nonce }));
    }
  }

  #mayRecord(): boolean {
    const asked = this.#configuration?.replay;
    if (!asked || asksForPrivacy() || !this.#allowed()) return false;
    return (this.#given().replays ?? !asked.consent) && isAmong(sessionId(), asked.share);
  }

  /** Tell it now, once it is allowed, or never; `act` changes who is here and answers ids, which are not cleaned. */
  #tell(message: Properties, act?: () => Properties | void): void {
    const timestamp = new Date(); // as a date: texts are searched for what may not be told
    const where = page();
    const send = (): void => this.#send({ timestamp, ...message }, act?.(), where);
    this.#once(() => {
      const allowed = this.#allowed();
      if (allowed) send();
      else if (allowed == null && this.#undecided.length < MOST_HELD) this.#undecided.push(send);
    });
  }

  #send(message: Properties, ids?: Properties | void, where = page()): void {
    const { type } = message;
    const name = type === "page" ? "Page Viewed" : message.event;
    // later, when what the event changes is done
    for (const watcher of this.#watchers) queueMicrotask(() => watcher(name as string, Date.now(), message));
    const session = sessionId();
    const told: Message = {
      messageId: crypto.randomUUID(),
      timestamp: new Date(),
      ...(clean(message) as Properties),
      type: type || "track",
      anonymousId: anonymousId(),
      userId: userId(),
      ...ids,
      context: { ...context(where), sessionId: session, ...(message.context as Properties) },
    };
    const { traits, properties } = this.#configuration as Configuration;
    told.traits &&= among(traits, told.traits);
    if (type) told.properties = { ...(type === "page" && where), ...among(properties, told.properties) };
    this.#delivery.add(told);
  }

  #sendChoice(given: Record<string, boolean>): void {
    this.#send({ event: "Consent Updated", context: { consent: { categoryPreferences: given } } });
  }

  /** Who is known now chose already, on this browser. */
  #become(id: string): void {
    const isNew = userId() !== id;
    become(id);
    const given = this.#given();
    if (isNew && Object.keys(given).length) this.#sendChoice(given);
  }

  /** Now, or as soon as it is known what the workspace asks. */
  #once(act: () => void): void {
    if (this.#configuration) act();
    else if (this.#held.length < MOST_HELD) this.#held.push(act);
  }

  #given(): Record<string, boolean> {
    return known<Record<string, boolean>>("consent") ?? {};
  }

  /** Undefined while somebody has not been asked. */
  #allowed(): boolean | undefined {
    return this.#given().analytics ?? (asksForPrivacy() ? false : !this.#configuration?.consent || undefined);
  }
}

const asksForPrivacy = (): boolean | undefined => (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;

/** What may be told: all values of a name that the workspace allows, and single ones, written “name,value”. */
const among = (allowed: string[] | undefined, all: unknown): Properties =>
  Object.fromEntries(
    Object.entries({ ...(all as Properties) }).filter((pair) => allowed?.includes(pair[0]) || allowed?.includes(`${pair}`)),
  );

/** Whether an id, which starts with digits by chance, is in a share. */
const isAmong = (id: string, share: number): boolean => parseInt(id.slice(0, 8), 16) / 2 ** 32 < share;

async function configurationOf(host: string, key: string): Promise<Configuration> {
  try {
    const [at, last] = known<[number, Configuration]>("configuration") ?? [0, SAFE];
    if (Date.now() - at < FRESH_MS) return last;
    const answer = await fetch(`${host}/v1/config/${encodeURIComponent(key)}`, { credentials: "omit" });
    if (!answer.ok) return SAFE;
    const found = await answer.json();
    writeJson("configuration", [Date.now(), found]);
    return found as Configuration;
  } catch {
    forget("configuration");
    return SAFE;
  }
}
