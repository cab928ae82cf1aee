// The player's own controls over the stage: play, speed, skipping what nobody did anything in, seeking, moments.
import { Chunks, type Chunk } from "./chunks";
import type { Recorded } from "./harmless";
import type { Box } from "./spots";
import type { Order, Word } from "./stage";
import { clock, seconds } from "./words";

interface Replay {
  /** When the session began, in milliseconds since 1970. */
  start: number;
  length: number;
  at: number;
  chunks: Chunk[];
  barriers: (Box & { route: string })[];
}

const AHEAD_MS = 15_000;
const QUIET_MS = 5000;
const BEFORE_MS = 1000;
const STEP_MS = 5000;
const INCREMENTAL = 3;
/** Moves, clicks, scrolls, resizes, input and touches: somebody was there. */
const DONE_BY_SOMEBODY = new Set([1, 2, 3, 4, 5, 6]);

class Player {
  private readonly chunks: Chunks;
  private readonly acts: number[] = [];
  private at = 0;
  private playing = false;
  private waiting = false;
  private first = -1;
  private last = -1;
  private asked = 0;
  private layered = "";

  constructor(private readonly root: HTMLElement, private readonly replay: Replay) {
    this.chunks = new Chunks(replay.chunks);
  }

  start(): void {
    addEventListener("message", (event: MessageEvent<Word>) => {
      if (event.source === this.stage.contentWindow && event.origin === location.origin) this.hear(event.data);
    });
    this.stage.src = this.stage.dataset.address ?? "";
    this.listen();
  }

  private get stage(): HTMLIFrameElement {
    return this.part("iframe");
  }

  private part<Part extends HTMLElement>(selector: string): Part {
    return this.root.querySelector(selector) as Part;
  }

  private order(order: Order): void {
    this.stage.contentWindow?.postMessage(order, location.origin);
  }

  private hear(word: Word): void {
    if (word.say === "ready") void this.seek(this.replay.at);
    else if (word.say === "at" && this.playing && !this.waiting) this.moved(word.at);
    else if (word.say === "end") this.ended();
    else if (word.say === "drawn") this.part(".screen").style.setProperty("aspect-ratio", `${word.width} / ${word.height}`);
  }

  private listen(): void {
    this.root.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("button[data-do]");
      if (button?.dataset.do === "play") this.toggle();
      else if (button?.dataset.do === "next") this.jump(1);
      else if (button?.dataset.do === "back") this.jump(-1);
    });
    this.slider.addEventListener("input", () => void this.seek(Number(this.slider.value) * 1000));
    this.part<HTMLSelectElement>("select[name=speed]").addEventListener("change", () => this.order({ do: "speed", speed: this.speed }));
    this.layer?.addEventListener("change", () => this.frame());
    document.addEventListener("click", (event) => this.follow(event));
    document.addEventListener("keydown", (event) => this.press(event));
    const lanes = this.part(".lanes");
    lanes.addEventListener("pointerdown", (event) => {
      const track = lanes.querySelector("svg")?.getBoundingClientRect();
      if (track) void this.seek(((event.clientX - track.left) / track.width) * this.replay.length);
    });
  }

  private get slider(): HTMLInputElement {
    return this.part("input[type=range]");
  }

  private get layer(): HTMLInputElement | null {
    return this.root.querySelector("input[name=barriers]");
  }

  /** Frame the barriers of the screen that is shown, if somebody wants to see them. */
  private frame(): void {
    const route = this.layer?.checked ? (this.chunks.all[this.chunks.at(this.at)]?.route ?? "") : "";
    if (route === this.layered) return;
    this.layered = route;
    this.order({ do: "barriers", boxes: this.replay.barriers.filter((one) => one.route === route) });
  }

  private get speed(): number {
    return Number(this.part<HTMLSelectElement>("select[name=speed]").value);
  }

  /** Links of moments go there without loading the page again; the address stays one that can be shared. */
  private follow(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-at]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    history.replaceState(null, "", link.href);
    void this.seek(Number(link.dataset.at));
  }

  private press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, button, summary, dialog, [contenteditable]")) return;
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === " " && !target.closest("a")) this.toggle();
    else if (way && event.shiftKey) this.jump(way);
    else if (way) void this.seek(this.at + way * STEP_MS);
    else return;
    event.preventDefault();
  }

  private jump(way: number): void {
    const moments = [...document.querySelectorAll<HTMLElement>("a[data-at]")].map((one) => Number(one.dataset.at)).sort((one, other) => one - other);
    const next = way > 0 ? moments.find((one) => one > this.at + 50) : moments.findLast((one) => one < this.at - 50);
    if (next !== undefined) void this.seek(next);
    else this.say(way > 0 ? "This was the last moment." : "This was the first moment.");
  }

  private toggle(): void {
    if (this.playing) this.rest();
    else void this.play();
  }

  private async play(): Promise<void> {
    if (this.at >= this.replay.length - 50) this.at = 0;
    this.playing = true;
    this.label();
    await this.show(this.at);
  }

  private rest(): void {
    this.playing = false;
    this.order({ do: "pause" });
    this.label();
    this.say("");
  }

  private ended(): void {
    if (!this.playing || this.waiting) return;
    this.playing = false;
    this.place(this.replay.length);
    this.label();
    this.say("The recording ends here.");
  }

  private async seek(to: number): Promise<void> {
    this.place(Math.min(Math.max(0, to), this.replay.length));
    await this.show(this.at);
  }

  /** Draw a moment: from what the stage has, or after fetching what it needs and no more. */
  private async show(at: number): Promise<void> {
    const asked = ++this.asked;
    const index = this.chunks.at(at);
    if (index < this.first || index > this.last) {
      const begin = this.chunks.beginOf(index);
      const events = await this.fetched(begin, index, at);
      if (asked !== this.asked) return;
      const { start, length } = this.replay;
      [this.first, this.last] = [begin, index];
      this.learn(events, true);
      this.order({ do: "open", start, end: start + length, events, at, speed: this.speed });
    }
    this.order(this.playing ? { do: "play", at } : { do: "seek", at });
    this.frame();
    this.tellMissing(at);
  }

  private async fetched(first: number, last: number, at: number): Promise<Recorded[]> {
    this.waiting = true;
    const slow = setTimeout(() => this.say(`Loading ${clock(at)}`), 150);
    const events = await this.chunks.events(first, last);
    clearTimeout(slow);
    this.waiting = false;
    this.say("");
    return events;
  }

  private learn(events: Recorded[], anew: boolean): void {
    if (anew) this.acts.length = 0;
    for (const event of events) {
      const source = (event.data as { source?: number } | null)?.source;
      if (event.type === INCREMENTAL && DONE_BY_SOMEBODY.has(source ?? 0)) this.acts.push(event.timestamp - this.replay.start);
    }
  }

  private moved(at: number): void {
    this.place(Math.min(at, this.replay.length));
    this.frame();
    this.tellMissing(at);
    const next = this.chunks.all[this.last + 1];
    if (next && at >= next.from) void this.extended(at);
    else if (next && at + AHEAD_MS * this.speed >= next.from) void this.extended();
    else this.skip(at);
  }

  private extending = false;

  /** Hand the stage what comes next; where it is needed at once, playing waits for it. */
  private async extended(needed?: number): Promise<void> {
    if (this.extending && needed === undefined) return;
    this.extending = true;
    const index = this.last + 1;
    if (needed !== undefined) this.order({ do: "pause" });
    const events = await (needed === undefined ? this.chunks.events(index, index) : this.fetched(index, index, needed));
    this.extending = false;
    if (index !== this.last + 1) return;
    this.last = index;
    this.learn(events, false);
    this.order({ do: "add", events });
    if (needed !== undefined && this.playing) this.order({ do: "play", at: needed });
  }

  private skip(at: number): void {
    if (!this.part<HTMLInputElement>("input[name=skip]").checked) return;
    // while nobody does anything nothing may be recorded: then the quiet lasts until the next piece begins
    const next = this.acts.find((one) => one >= at) ?? this.chunks.all[this.last + 1]?.from ?? this.replay.length;
    if (next - at < QUIET_MS) return;
    const moment = this.moments().find((one) => one > at && one < next) ?? next;
    if (moment - at < QUIET_MS) return;
    this.say(`Skipped ${seconds(moment - BEFORE_MS - at)} in which nobody did anything.`);
    void this.seek(moment - BEFORE_MS);
  }

  private moments(): number[] {
    return [...document.querySelectorAll<HTMLElement>("a[data-at]")].map((one) => Number(one.dataset.at));
  }

  private place(at: number): void {
    this.at = at;
    const told = `${clock(at)} of ${clock(this.replay.length)}`;
    this.slider.value = String(at / 1000);
    this.slider.setAttribute("aria-valuetext", told);
    this.part("output").textContent = told;
    const x = `${(100 * at) / Math.max(1, this.replay.length)}%`;
    const head = this.root.querySelector(".head-line");
    for (const end of ["x1", "x2"]) head?.setAttribute(end, x);
    const links = [...document.querySelectorAll<HTMLElement>("a[data-at]")];
    const here = links.findLast((one) => Number(one.dataset.at) <= at + 50);
    for (const one of links) if (one === here) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current");
    const option = document.querySelector<HTMLOptionElement>("select[name=moment] option");
    if (!option) return;
    option.value = String(Math.round(at));
    option.textContent = `Where the player is, ${clock(at)}`;
  }

  private tellMissing(at: number): void {
    const index = this.chunks.at(at);
    const chunk = this.chunks.all[index];
    const gap = this.part(".gap");
    const broken = chunk && this.chunks.broken.has(index);
    gap.hidden = !broken;
    if (broken) gap.textContent = `${seconds(chunk.to - chunk.from)} are missing here: this part of the recording cannot be read. The rest is unharmed.`;
  }

  private label(): void {
    const button = this.part("button[data-do=play]");
    button.textContent = this.playing ? "Pause" : "Play";
  }

  private say(words: string): void {
    this.part("[role=status]").textContent = words;
  }
}

const root = document.querySelector<HTMLElement>("[data-player]");
const replay = document.getElementById("replay")?.textContent;
if (root && replay) new Player(root, JSON.parse(replay) as Replay).start();
