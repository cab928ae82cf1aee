// Frustration signals, exactly as the product defines them. Every click is told as well: tools agree on few of these.
import type { Core } from "../types";
import { clickableOf, nameOf, roleOf, selectorOf } from "./elements";
import { isWaiting, onRequest, onTrouble } from "./requests";

const RAPID_CLICKS = 3;
const RAPID_MS = 1000;
const RAPID_PX = 30;
const RESPONSE_MS = 2500;
const ERROR_MS = 2000;
const TURNS = 20;
const TURNS_MS = 2000;
const STEP_PX = 5;
/** A request that was answered shows it soon, or not at all. */
const AFTER_REQUEST_MS = 1000;
const MOST_WAIT_MS = 30_000;
const NEVER = [
  "[data-nous-ignore]", "input[type=number]", "input[type=range]", "[role=spinbutton]", "[role=slider]", "[role=grid]",
  "[aria-roledescription=carousel]", "[class*=carousel i]", "[class*=slick]", "[class*=swiper]", "[class*=stepper i]",
  "[class*=calendar i]", "[class*=datepicker i]", "[class*=quantity i]",
].join(",");

/** What takes a caret or opens a list that pages do not see answers in its own way: no click there is dead. */
const FIELDS = `select,textarea,input${["button", "submit", "reset", "image", "checkbox", "radio"].map((type) => `:not([type=${type}])`).join("")}`;

/** What is neither watched nor shown is not told: surveys of ours, what a page marks with both. */
const UNTOLD = "[data-nous-ignore][data-nous-hide]";

/** Width of the window, and where in the element's box it was, as shares: that holds over layouts. */
interface Place {
  viewport: number;
  across: number;
  down: number;
}

interface Click {
  at: number;
  /** When it is judged. */
  due: number;
  x: number;
  y: number;
  element: string;
  name: string;
  place: Place;
  clickable: boolean;
  answered: boolean;
  asked: boolean;
  failed: boolean;
  counts: boolean;
  /** The rapid clicks that it is one of. */
  chain: Chain;
}

interface Chain {
  clicks: Click[];
  told: boolean;
}

let core: Core;
let flush: () => void;
let open: Click[] = [];
let last: Click | undefined;
let moment = 0;
/** Pages scroll and change much while nobody waits for an answer: they are watched only while a click does. */
let waiting = new AbortController();
let unanswered = false;
let judging = 0;
let signalled = false;
const observer = new MutationObserver(() => answered());
const OBSERVED = { subtree: true, childList: true, attributes: true, characterData: true };

export function watchFrustration(given: Core, send: () => void): void {
  core = given;
  flush = send;
  document.addEventListener("click", clicked, true);
  onRequest(() => open.forEach((click) => (click.asked = true)));
  onTrouble(failed);
  watchThrash();
}

/** The page answered: every click that waits for it has its response, and its changes are watched no more. */
export function answered(): void {
  if (!unanswered) return;
  unanswered = false;
  for (const click of open) click.answered = true;
  observer.disconnect();
}

function clicked(event: MouseEvent): void {
  const path = event.composedPath();
  const target = path[0];
  // a label clicks its control in the same moment: somebody clicked once
  if (!(target instanceof Element) || !event.isTrusted || event.timeStamp === moment) return;
  if (target.closest(UNTOLD)) return;
  moment = event.timeStamp;
  if (!open.length) watchResponses();
  unanswered = true;
  for (const one of path) if (one === document || one instanceof ShadowRoot) observer.observe(one as Node, OBSERVED);
  const clickable = clickableOf(target);
  const shown = clickable ?? target;
  const element = selectorOf(shown);
  const name = nameOf(shown);
  const place = placeIn(shown, event);
  core.track("Element Clicked", { element, name, role: roleOf(shown), x: event.clientX, y: event.clientY, ...place });
  const at = performance.now();
  const near = last && at - last.at <= RAPID_MS && Math.hypot(event.clientX - last.x, event.clientY - last.y) <= RAPID_PX;
  const chain = near && last ? last.chain : { clicks: [], told: false };
  const click: Click = {
    at, due: at + RESPONSE_MS, x: event.clientX, y: event.clientY, element, name, place, clickable: !!clickable && !isField(clickable), answered: false, asked: false,
    failed: false, counts: !target.closest(NEVER) && !isSelecting(event), chain,
  };
  chain.clicks.push(click);
  last = click;
  open.push(click);
  judging ||= setTimeout(judgeAll, RESPONSE_MS);
}

const isField = (clickable: Element): boolean => ((clickable as HTMLLabelElement).control ?? clickable).matches(FIELDS);

/** A key clicks in the middle. */
function placeIn(element: Element, event: MouseEvent): Place {
  if (!event.detail) return { viewport: innerWidth, across: 0.5, down: 0.5 };
  const { left, top, width, height } = element.getBoundingClientRect();
  const share = (part: number, whole: number): number => Math.round((100 * part) / (whole || 1)) / 100;
  return { viewport: innerWidth, across: share(event.clientX - left, width), down: share(event.clientY - top, height) };
}

function isSelecting(event: MouseEvent): boolean {
  return event.detail >= 2 && isSelected();
}

function watchResponses(): void {
  waiting = new AbortController();
  const { signal } = waiting;
  for (const kind of ["scroll", "pagehide", "popstate", "hashchange", "focusin", "input"]) {
    addEventListener(kind, answered, { capture: true, passive: true, signal });
  }
  // last what is selected, for a page is laid out before it tells
  document.addEventListener("selectionchange", () => unanswered && isSelected() && answered(), { signal });
}

const isSelected = (): boolean => getSelection()?.type === "Range" && !!getSelection()?.toString();

/** The clicks whose time is over; one timer waits for all of them. */
function judgeAll(): void {
  const now = performance.now();
  for (const click of open) if (click.due <= now) judge(click, now);
  if (signalled) flush(); // who watches a session need not wait for what goes wrong in it
  signalled = false;
  judging = open.length && setTimeout(judgeAll, Math.min(...open.map(({ due }) => due)) - now);
}

/** No response within the time makes a click dead, unless a request is under way that may still bring one. */
function judge(click: Click, now: number): void {
  if (!click.answered && click.asked && now - click.at < MOST_WAIT_MS && isWaiting()) {
    click.due = now + AFTER_REQUEST_MS;
    return;
  }
  open = open.filter((one) => one !== click);
  if (!open.length) {
    observer.disconnect();
    waiting.abort();
  }
  if (click.counts && click.clickable && !click.answered) signal("Dead Click", click);
  rage(click.chain);
}

function rage(chain: Chain): void {
  const counted = chain.clicks.filter((click) => click.counts);
  const goesOn = chain.clicks.some((click) => open.includes(click));
  if (chain.told || goesOn || counted.length < RAPID_CLICKS) return;
  if (!counted.some((click) => click.failed) && counted.some((click) => click.answered)) return;
  chain.told = true;
  signal("Rage Click", counted[0] as Click, { clicks: counted.length });
}

function failed(): void {
  if (!last || performance.now() - last.at > ERROR_MS || last.failed) return;
  last.failed = true;
  if (last.counts) signal("Error Click", last);
}

function signal(event: string, click: Click, more: Record<string, unknown> = {}): void {
  const at = Date.now() - (performance.now() - click.at);
  core.track(event, { element: click.element, name: click.name, ...click.place, ...more }, at);
  signalled = true;
}

function watchThrash(): void {
  let from: { x: number; y: number } | undefined;
  let way = { x: 0, y: 0 };
  let turns: number[] = [];
  document.addEventListener(
    "pointermove",
    ({ clientX: x, clientY: y, target, pointerType }) => {
      if (pointerType === "touch") return;
      const step = { x: x - (from?.x ?? x), y: y - (from?.y ?? y) };
      if (from && Math.hypot(step.x, step.y) < STEP_PX) return;
      from = { x, y };
      const now = performance.now();
      if (way.x * step.x + way.y * step.y < 0) turns.push(now);
      way = step;
      turns = turns.filter((at) => now - at <= TURNS_MS);
      if (turns.length < TURNS) return;
      turns = [];
      if (target instanceof Element && !target.closest(NEVER)) core.track("Thrash", { element: selectorOf(target) });
    },
    { capture: true, passive: true },
  );
}
