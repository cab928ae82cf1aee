// Everything that was recorded passes here before it is kept: what people wrote is hidden unless the page or the
// workspace shows it, what is shown is cleaned, and what the player would have to fetch is left out.
import { record } from "@rrweb/record";
import type { Core } from "../types";
import { hidden } from "./hidden";
import { SOURCE, UNSEEN, type Attributes, type Data, type Recorded, type RecordedNode } from "./recorded";
import { cleanStyle, isSmallPicture } from "./styles";

export const SHOW = "data-nous-show";
const LEFT_OUT = /^(on.*|nonce|integrity|srcdoc|src|srcset|imagesrcset|poster|background|data|ping|cite|content|manifest|profile|rr_dataurl)$/;
const ADDRESSES = /^(href|xlink:href|action|formaction)$/;
const TEXTS = /^(title|alt|label|placeholder|summary|abbr|download|aria-(label|description|valuetext|placeholder|roledescription|braille.*))$/;
const OWN = /^(data-|aria-)/;
const PLAIN = /^([a-z-]{0,20}|-?\d{0,3}(\.\d+)?%?)$/;
/** Lines of drawings: their numbers side by side would be cards. */
const DRAWN = /^(d|points)$/;
const NUMBERS = /^[\d\s.,+\-eachlmqstvz]*$/i;
const LABELS = /^(submit|button|reset)$/;
const SECRET = /^(password|hidden)$/;
/** A grey dot, in the place and size of a picture. */
const PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAMzMzAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";

/** Whether text may be read here, and whether what was typed here may be. */
interface Seen {
  text: boolean;
  typed: boolean;
}

export class Masking {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Hide and clean in place. */
  apply({ data }: Recorded): void {
    // where somebody points within what is left out is left out, too
    data.positions &&= data.positions.filter(({ id }) => id !== UNSEEN);
    if (data.href) data.href = this.#core.cleanAddress(data.href);
    if (data.source === SOURCE.input) data.text = this.#typed(data);
    else if (data.node) this.#walk(data.node, "", this.#seen(null));
    else if (data.source === SOURCE.mutation) this.#mutation(data);
    else this.#styles(data);
  }

  #mutation(data: Data): void {
    for (const { parentId, node } of data.adds ?? []) {
      const parent = record.mirror.getNode(parentId);
      this.#walk(node, parent?.nodeName.toLowerCase() ?? "", this.#seen(parent));
    }
    for (const one of data.texts ?? []) {
      const parent = record.mirror.getNode(one.id)?.parentNode ?? null;
      one.value = this.#text(one.value ?? "", parent?.nodeName.toLowerCase() ?? "", this.#seen(parent));
    }
    for (const { id, attributes } of data.attributes ?? []) {
      const element = record.mirror.getNode(id) as Element | null;
      this.#attributes(element?.localName ?? "", attributes, this.#seen(element), element);
    }
  }

  #walk(node: RecordedNode, parent: string, seen: Seen): void {
    const { tagName, attributes } = node;
    const here = attributes && SHOW in attributes ? { text: true, typed: true } : seen;
    if (node.textContent !== undefined) node.textContent = this.#text(node.textContent, parent, here);
    if (tagName && attributes) {
      const element = record.mirror.getNode(node.id) as Element | null;
      this.#attributes(tagName, attributes, here, element);
      if (tagName === "img" && element) sizeOf(element, attributes);
    }
    for (const child of node.childNodes ?? []) this.#walk(child, tagName ?? "", here);
  }

  #text(text: string, parent: string, seen: Seen): string {
    if (parent === "style") return cleanStyle(text, this.#core, seen.text);
    return seen.text ? this.#core.cleanText(text) : hidden(text);
  }

  #typed({ id, text }: Data): string {
    const element = record.mirror.getNode(id ?? 0) as HTMLInputElement | null;
    return this.#value(text ?? "", element?.localName ?? "", this.#seen(element), element);
  }

  #attributes(tag: string, attributes: Attributes, seen: Seen, element: Element | null): void {
    for (const [name, value] of Object.entries(attributes)) {
      const low = name.toLowerCase();
      if (low === "selected" && !seen.typed) delete attributes[name];
      else if (value && typeof value === "object") this.#declarations(value as Attributes, seen);
      else if (typeof value === "string") {
        const kept = this.#attribute(tag, low, value, seen, element);
        if (kept === undefined) delete attributes[name];
        else attributes[name] = kept;
      }
    }
  }

  #attribute(tag: string, name: string, value: string, seen: Seen, element: Element | null): string | undefined {
    const core = this.#core;
    if (name === "style" || name === "_csstext") return cleanStyle(value, core, seen.text);
    if (name === "value") return this.#value(value, tag, seen, element);
    if (tag === "img" && name === "src") return isSmallPicture(value) ? core.cleanName(value) : PICTURE;
    if (tag === "meta" && name === "content" && /^width=/.test(value)) return value;
    if (name === "rr_src") return ""; // a frame of another origin: that it is one, and not which
    if (LEFT_OUT.test(name)) return undefined;
    if (ADDRESSES.test(name)) return this.#address(tag, name, value);
    const own = (OWN.test(name) || tag.includes("-")) && !/^(class|style|id|slot|part|role|hidden)$/.test(name);
    if (TEXTS.test(name) || (own && !PLAIN.test(value) && !/^aria-(\w+by|controls|owns)$/.test(name))) {
      return seen.text ? core.cleanText(value) : hidden(value);
    }
    if (DRAWN.test(name) && NUMBERS.test(value)) return value;
    return core.cleanName(value);
  }

  #value(value: string, tag: string, seen: Seen, element: Element | null): string {
    const type = element?.getAttribute("type")?.toLowerCase() ?? "";
    if (/^(progress|meter|li)$/.test(tag) && PLAIN.test(value)) return value;
    const secret = SECRET.test(type) || element?.hasAttribute("data-rr-is-password") || /cc-/.test(element?.getAttribute("autocomplete") ?? "");
    if (secret) return value && "********";
    const shown = tag === "button" || tag === "option" || LABELS.test(type) ? seen.text : seen.typed;
    return shown ? this.#core.cleanText(value) : hidden(value);
  }

  // Links keep where they lead; what else has an address would be fetched, but for parts of the page itself.
  #address(tag: string, name: string, value: string): string | undefined {
    if (/^(a|area)$/.test(tag) || name.endsWith("action")) return this.#core.cleanAddress(value);
    return value.startsWith("#") ? this.#core.cleanName(value) : undefined;
  }

  /** Rules of style sheets that scripts change. */
  #styles(data: Data): void {
    const clean = (style: string): string => cleanStyle(style, this.#core, !!this.#core.configuration.replay?.text);
    for (const rules of [data.adds ?? [], ...(data.styles ?? []).map((one) => one.rules ?? [])]) {
      for (const one of rules) one.rule = clean(one.rule);
    }
    for (const name of ["replace", "replaceSync"] as const) if (data[name]) data[name] = clean(data[name]);
    if (data.set && typeof data.set.value === "string") data.set.value = clean(`content:${data.set.value}`).slice("content:".length);
  }

  #declarations(style: Attributes, seen: Seen): void {
    const clean = (value: unknown): unknown =>
      typeof value === "string" ? cleanStyle(`content:${value}`, this.#core, seen.text).slice("content:".length) : value;
    for (const [name, value] of Object.entries(style)) style[name] = Array.isArray(value) ? value.map(clean) : clean(value);
  }

  #seen(node: Node | null): Seen {
    for (let one = node; one; one = one.parentNode ?? (one as ShadowRoot).host ?? null) {
      if ((one as Element).hasAttribute?.(SHOW)) return { text: true, typed: true };
    }
    return { text: !!this.#core.configuration.replay?.text, typed: false };
  }
}

/** Its size, for the dot that stands for it has none. */
function sizeOf(picture: Element, attributes: Attributes): void {
  const { width, height } = picture.getBoundingClientRect();
  if (!width || !height) return;
  attributes.rr_width = `${width}px`;
  attributes.rr_height = `${height}px`;
}
