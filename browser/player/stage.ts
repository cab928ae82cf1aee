// The stage: a page of its own inside the player's, under a policy that lets nothing load. It draws what it is handed.
import { Replayer } from "@rrweb/replay";
import styles from "@rrweb/replay/dist/style.css";
import { ELSEWHERE, harmless, type Recorded } from "./harmless";
import { type Box, drawBarriers, drawSpots, type Spot } from "./spots";

export type Order =
  | { do: "open"; start: number; end: number; events: Recorded[]; at: number; speed: number }
  | { do: "add"; events: Recorded[] }
  | { do: "seek"; at: number }
  | { do: "play"; at: number }
  | { do: "pause" }
  | { do: "speed"; speed: number }
  | { do: "barriers"; boxes: Box[] }
  | { do: "spots"; spots: Spot[]; boxes: Box[] };

export type Word = { say: "ready" } | { say: "at"; at: number } | { say: "end" } | { say: "drawn"; width: number; height: number };

const MARKER = 5;
const MOST_HEIGHT = 6000;
const SETTLED_MS = 100;
const FRAMES_MS = 250;
const CALM = "*, *::before, *::after { animation: none !important; transition: none !important }";
const NOTE = `<svg xmlns="http://www.w3.org/2000/svg" width="232" height="24"><text x="116" y="17" text-anchor="middle"
  font-family="system-ui, sans-serif" font-size="14" fill="#475467">Of another site: not recorded</text></svg>`;
/** Over what the page itself says: a frame that stays white would look like something broken. */
const PLACEHOLDER = `iframe[${ELSEWHERE}] {
  background: url("data:image/svg+xml,${encodeURIComponent(NOTE)}") center no-repeat,
    repeating-linear-gradient(135deg, #f2f4f7 0 12px, #e4e7ec 12px 24px) !important;
  outline: 1px dashed #667085 !important; outline-offset: -1px !important }`;
let replayer: Replayer | undefined;
let playing = false;
let size = { width: 1280, height: 800 };

function say(word: Word): void {
  parent.postMessage(word, location.origin);
}

function obey(order: Order): void {
  if (order.do === "open") open(order);
  else if (!replayer) return;
  else if (order.do === "add") for (const event of harmless(order.events)) replayer.addEvent(event as never);
  else if (order.do === "seek") replayer.pause(order.at);
  else if (order.do === "speed") replayer.setConfig({ speed: order.speed });
  else if (order.do === "spots") lay(replayer.iframe, order.spots, order.boxes);
  else if (order.do === "barriers") frameAll(order.boxes);
  else if (order.do === "play") replayer.play(order.at);
  else replayer.pause();
  if (order.do === "play") tell();
  if (order.do !== "add" && order.do !== "speed" && order.do !== "barriers") playing = order.do === "play";
}

// Markers at both ends of the session keep offsets the same whichever of its events are here.
function open({ start, end, events, at, speed }: Extract<Order, { do: "open" }>): void {
  replayer?.destroy();
  document.querySelector("main")?.replaceChildren();
  const marker = (timestamp: number): Recorded => ({ type: MARKER, timestamp, data: { tag: "end", payload: {} } });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  replayer = new Replayer([marker(start), ...harmless(events), marker(Math.max(end, start + 1))] as never[], {
    root: document.querySelector("main") as HTMLElement,
    speed,
    mouseTail: calm ? false : { strokeStyle: "#b54708", lineWidth: 2, duration: 400 },
    showWarning: false,
    triggerFocus: false,
    pauseAnimation: true,
    insertStyleRules: calm ? [PLACEHOLDER, CALM] : [PLACEHOLDER],
  });
  replayer.iframe.title = "Recorded page";
  replayer.iframe.tabIndex = -1;
  replayer.on("resize", (dimension) => fit(dimension as typeof size));
  replayer.on("finish", () => {
    playing = false;
    say({ say: "end" });
  });
  replayer.pause(at);
}

// A heat map shows the whole page, not only what the window held; the replayer sets its own size in a moment.
function lay(frame: HTMLIFrameElement, spots: Spot[], boxes: Box[]): void {
  setTimeout(() => {
    const height = Math.min(frame.contentDocument?.documentElement?.scrollHeight ?? 0, MOST_HEIGHT);
    frame.setAttribute("height", String(Math.max(height, size.height)));
    fit({ width: size.width, height: Math.max(height, size.height) });
    drawSpots(frame, spots, boxes);
  }, SETTLED_MS);
}

let frames = 0;

/** Elements move while a page is played: frames follow them some times a second, until there are none. */
function frameAll(boxes: Box[]): void {
  clearInterval(frames);
  const draw = (): void => {
    if (replayer) drawBarriers(replayer.iframe, boxes);
  };
  draw();
  if (boxes.length) frames = window.setInterval(draw, FRAMES_MS);
}

function fit(to = size): void {
  size = to;
  const wrapper = document.querySelector<HTMLElement>(".replayer-wrapper");
  if (!wrapper) return;
  const scale = Math.min(innerWidth / size.width, innerHeight / size.height);
  const left = (innerWidth - size.width * scale) / 2;
  wrapper.style.transform = `translate(${left}px, ${(innerHeight - size.height * scale) / 2}px) scale(${scale})`;
  say({ say: "drawn", ...size });
}

function tell(): void {
  requestAnimationFrame(() => {
    if (!playing || !replayer) return;
    say({ say: "at", at: replayer.getCurrentTime() });
    tell();
  });
}

const style = document.createElement("style");
style.textContent = `${styles}
html, body, main { margin: 0; height: 100%; overflow: hidden; background: transparent; }
.replayer-wrapper { position: absolute; transform-origin: 0 0; }
.still > .replayer-mouse, .still > .replayer-mouse-tail { display: none; }
.replayer-wrapper > iframe { border: 0; background: #fff; }
@media (prefers-reduced-motion: reduce) { .replayer-mouse, .replayer-mouse::after { transition: none; animation: none !important; } }`;
document.head.append(style);
addEventListener("resize", () => fit());
addEventListener("message", (event: MessageEvent<Order>) => {
  if (event.source === parent && event.origin === location.origin) obey(event.data);
});
// A replayer that starts before the page is loaded draws into a frame that is then thrown away.
if (document.readyState === "complete") say({ say: "ready" });
else addEventListener("load", () => say({ say: "ready" }));
