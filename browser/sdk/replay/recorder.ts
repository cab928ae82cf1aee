// One tab's recording: begun and ended with consent and session, cut into pieces that are small enough to arrive.
import { record } from "@rrweb/record";
import type { Core, Who } from "../types";
import { Chunks } from "./chunks";
import { Masking } from "./masking";
import { CUSTOM, INCREMENT, SOURCE, UNSEEN, type Attributes, type Recorded } from "./recorded";
import { Tab } from "./tab";

const PIECE_SIZE = 50_000;
const PIECE_MS = 5000;
/** Who is called because of a signal need not wait for its picture. */
const SIGNAL_MS = 200;
const SIGNALS = ["Rage Click", "Dead Click", "Error Click", "Survey Answered"];
const LOOK_MS = 1000;
const ACTS = [SOURCE.move, SOURCE.interaction, SOURCE.input, SOURCE.touch, SOURCE.drag];

export class Recorder {
  readonly #core: Core;
  readonly #masking: Masking;
  readonly #tab: Tab;
  readonly #chunks: Chunks;
  #stop: (() => void) | undefined;
  /** Whose session is recorded; undefined where it is not among those that are. */
  #who: Who | undefined;
  #goesOn = false;
  #acted = 0;
  #looked = 0;
  #path = "";
  #screen = "";
  #events: string[] = [];
  #size = 0;
  #timer = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#masking = new Masking(core);
    this.#tab = new Tab();
    this.#chunks = new Chunks(core, this.#tab.id, () => this.#anew());
  }

  begin(): void {
    this.#core.listen((event) => {
      if (event === "Consent Updated") this.#consented();
      if (SIGNALS.includes(event) && this.#events.length) this.#cutWithin(SIGNAL_MS);
    });
    addEventListener("pagehide", () => {
      this.#leave();
      this.#tab.close();
    });
    addEventListener("pageshow", (event) => event.persisted && this.#tab.open());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave());
    document.addEventListener("load", ({ target }) => this.#loaded(target as Element), true);
    this.#consented();
  }

  #consented(): void {
    if (!this.#core.mayRecord()) {
      this.#stop?.();
      this.#stop = undefined;
      this.#forgetEvents();
      this.#chunks.drop();
    } else if (!this.#stop) {
      this.#look();
      this.#who = this.#core.who(true);
      this.#goesOn = true;
      this.#stop = record({
        emit: (event) => this.#take(event as unknown as Recorded),
        blockSelector: "[data-nous-hide]",
        slimDOMOptions: "all",
        sampling: { scroll: 150 },
        errorHandler: () => true,
      });
    }
  }

  #take(event: Recorded): void {
    const acts = event.type === INCREMENT && ACTS.includes(event.data.source ?? -1);
    if (Date.now() - (acts ? this.#acted : this.#looked) >= LOOK_MS) this.#follow(acts);
    if (!this.#goesOn || event.data.id === UNSEEN) return;
    if (location.pathname !== this.#path) {
      this.#cut();
      this.#look();
      this.#keep({ type: CUSTOM, timestamp: event.timestamp, data: { tag: "screen", payload: { screen: this.#screen } } });
    }
    this.#masking.apply(event);
    this.#keep(event);
  }

  /** A session is over after half an hour; who comes back begins another, with a picture of the whole. */
  #follow(acts: boolean): void {
    this.#looked = Date.now();
    if (acts) this.#acted = this.#looked;
    const who = this.#core.who(acts);
    if (who.sessionId === this.#who?.sessionId) {
      this.#who = who;
      return;
    }
    this.#goesOn = false;
    if (!acts) return;
    this.#cut();
    this.#who = this.#core.mayRecord() ? who : undefined;
    this.#goesOn = !!this.#who;
    if (this.#goesOn) this.#anew();
  }

  /** A picture has its size only now, and a frame shows only now that it is of another origin. */
  #loaded(element: Element): void {
    if (!this.#stop || !record.mirror.hasNode(element)) return;
    if (element instanceof HTMLIFrameElement && !element.contentDocument) this.#changed(element, { rr_src: "" });
    if (!(element instanceof HTMLImageElement)) return;
    const { width, height } = element.getBoundingClientRect();
    if (width && height) this.#changed(element, { style: { width: `${width}px`, height: `${height}px` } });
  }

  #changed(element: Element, attributes: Attributes): void {
    const change = { id: record.mirror.getId(element), attributes };
    const data = { source: SOURCE.mutation, texts: [], removes: [], adds: [], attributes: [change] };
    this.#take({ type: INCREMENT, timestamp: Date.now(), data });
  }

  #keep(event: Recorded): void {
    const text = JSON.stringify(event);
    this.#events.push(text);
    this.#size += text.length;
    if (this.#size >= PIECE_SIZE) this.#cut();
    else if (!this.#timer) this.#cutWithin(PIECE_MS);
  }

  #cutWithin(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#cut(), wait);
  }

  #cut(): void {
    if (!this.#events.length || !this.#who) return;
    this.#chunks.add({
      ...this.#who,
      chunkId: crypto.randomUUID(),
      windowId: this.#tab.id,
      sequence: this.#tab.next(),
      screen: this.#screen,
      width: innerWidth,
      height: innerHeight,
      events: `[${this.#events.join(",")}]`,
    });
    this.#forgetEvents();
  }

  #forgetEvents(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#events = [];
    this.#size = 0;
  }

  #look(): void {
    this.#path = location.pathname;
    this.#screen = this.#core.cleanAddress(location.origin + this.#path).slice(location.origin.length);
  }

  #anew(): void {
    if (this.#stop) record.takeFullSnapshot();
  }

  #leave(): void {
    if (!this.#stop) return;
    this.#cut();
    this.#chunks.sendLast();
  }
}
