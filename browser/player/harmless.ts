// Takes out of recorded events whatever could run, load or lead anywhere. The stage's policy and the frame's sandbox
// forbid all of it as well; what is taken out beforehand does not even look up a name, and says nothing in the console.

export interface Recorded {
  type: number;
  timestamp: number;
  data: unknown;
}

interface Element {
  tagName?: string;
  attributes?: Record<string, unknown>;
  childNodes?: Element[];
  textContent?: string;
  isStyle?: boolean;
  rootId?: number;
}

interface Change {
  source: number;
  node?: Element;
  adds?: { node: Element }[];
  attributes?: { attributes: Record<string, unknown> }[];
  texts?: { value: string | null }[];
}

const FULL = 2;
const INCREMENTAL = 3;
const META = 4;
const MUTATION = 0;
/** Films and sounds are never here, and canvases come as pictures. */
const MEDIA = 7;
const CANVAS = 9;
/** Rules, fonts, declarations and adopted sheets: all text in them is style. */
const STYLES = new Set([8, 10, 13, 15]);
const KEPT = new Set([FULL, INCREMENTAL, META]);
const NEVER = new Set(["script", "object", "embed", "applet", "base", "portal", "frame", "frameset", "fencedframe"]);
const ADDRESSES = new Set([
  "href", "xlink:href", "src", "srcset", "imagesrcset", "poster", "background", "data", "lowsrc", "dynsrc", "longdesc",
  "cite", "rr_src", "rr_dataurl", "code", "codebase", "classid", "profile", "usemap",
]);
const GONE = new Set(["srcdoc", "ping", "action", "formaction", "manifest", "http-equiv", "target", "download", "autofocus", "autoplay", "rr_mediastate", "is"]);
/** Marks frames of other origins: their pages were not recorded, and are not fetched. */
export const ELSEWHERE = "data-nous-elsewhere";
const INLINE = /^\s*data:(image|font|audio|video)\//i;

/** The events that a replay needs, harmless. */
export function harmless(events: Recorded[]): Recorded[] {
  return events.filter((event) => KEPT.has(event.type) && typeof event.timestamp === "number").flatMap(cleaned);
}

function cleaned(event: Recorded): Recorded[] {
  if (event.type === META || !event.data) return [event];
  const data = event.data as Change;
  if (event.type === FULL) {
    if (!data.node?.childNodes?.some((one) => one.tagName)) return []; // no page: nothing to draw into
    cleanElement(data.node);
    return [event];
  }
  if (data.source === CANVAS || data.source === MEDIA) return [];
  if (STYLES.has(data.source)) return [{ ...event, data: withCleanTexts(data) }];
  if (data.source !== MUTATION) return [event];
  data.adds?.forEach((added) => cleanElement(added.node));
  data.attributes?.forEach((changed) => cleanAttributes("", changed.attributes));
  data.texts?.forEach((text) => (text.value = text.value && cleanStyle(text.value)));
  return [event];
}

function cleanElement(element: Element): void {
  const name = element.tagName?.toLowerCase();
  if (name && NEVER.has(name)) {
    element.tagName = "noscript";
    element.attributes = {};
    element.childNodes = [];
  } else if (name === "meta" || (name === "link" && !element.attributes?._cssText)) {
    element.attributes = {};
  } else if (element.attributes) {
    cleanAttributes(name ?? "", element.attributes);
  }
  if (element.isStyle || name === "style") element.textContent &&= cleanStyle(element.textContent);
  for (const child of element.childNodes ?? []) {
    if (name === "style" && child.textContent) child.textContent = cleanStyle(child.textContent);
    cleanElement(child);
  }
}

function cleanAttributes(tag: string, attributes: Record<string, unknown>): void {
  if ("rr_src" in attributes) attributes[ELSEWHERE] = ""; // frames alone have it
  for (const [name, value] of Object.entries(attributes)) {
    const lower = name.toLowerCase();
    if (lower.startsWith("on") || GONE.has(lower)) delete attributes[name];
    else if (lower === "rr_src") delete attributes[name];
    else if (ADDRESSES.has(lower)) cleanAddress(tag, name, attributes);
    else if (lower === "style" || lower === "_csstext") attributes[name] = withCleanTexts(value);
    else if (typeof value === "string" && /url\(|image-set\(/i.test(value)) attributes[name] = cleanStyle(value);
    else if (lower === "attributename" && typeof value === "string" && ADDRESSES.has(value.toLowerCase())) delete attributes[name];
  }
}

// Links stay links, so that they look like links; pictures that were not inlined are left out.
function cleanAddress(tag: string, name: string, attributes: Record<string, unknown>): void {
  const value = attributes[name];
  if (typeof value !== "string") return;
  if (tag === "a" || tag === "area") attributes[name] = "#";
  else if (!INLINE.test(value) && !value.startsWith("#")) delete attributes[name];
}

function withCleanTexts(value: unknown): unknown {
  if (typeof value === "string") return cleanStyle(value);
  if (Array.isArray(value)) return value.map(withCleanTexts);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withCleanTexts(one)]));
  return value;
}

/** Style without what is elsewhere: no imports, and only addresses that hold their own data. */
export function cleanStyle(style: string): string {
  return unescaped(style)
    .replace(/@import\b[^;]*;?/gi, "")
    .replace(/(-webkit-)?image-set\([^;}]*/gi, "none")
    .replace(/url\((?!\s*["']?\s*(?:data:|#))\s*(["']?)[^)"']*\1\s*\)?/gi, 'url("data:,")');
}

// `\75rl(` and `u\rl(` are read by browsers as `url(`.
function unescaped(style: string): string {
  if (!style.includes("\\")) return style;
  return style.replace(/\\(?:0{0,4}([46][1-9a-f]|[57][0-9a])(?![0-9a-f])\s?|([g-z]))/gi, (_, code: string | undefined, letter: string) =>
    code ? String.fromCharCode(parseInt(code, 16)) : letter,
  );
}
