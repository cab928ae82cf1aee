// Styles as they are recorded: nothing in them is fetched from elsewhere, and what they write on the page is hidden.
import type { Core } from "../types";
import { hidden } from "./hidden";

const MOST_PICTURE = 4000;
const ADDRESS = /url\((?:"([^"]*)"|'([^']*)'|([^)]*))\)/gi;
const IMPORT = /@import[^;]*;/gi;
/** Texts that a style may write: contents, and variables for them. */
const WRITTEN = /((?:content|quotes|--[\w-]+)\s*:)([^;}]+)/gi;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const SELECTED_EMAIL = /[\w.+\\-]+\\@[\w\\-]+\.[\w.\\-]+/g;

export function cleanStyle(style: string, core: Core, shown: boolean): string {
  const cleaned = style
    .replace(IMPORT, "")
    .replace(WRITTEN, (_, name: string, value: string) => name + value.replace(STRING, (one) => written(one, core, shown)))
    .replace(SELECTED_EMAIL, "email")
    .replace(ADDRESS, (found, ...parts: (string | undefined)[]) => {
      const address = (parts[0] ?? parts[1] ?? parts[2] ?? "").trim();
      return address.startsWith("#") || isSmallPicture(address) ? found : "url()";
    });
  return core.cleanName(cleaned);
}

/** A picture that came with the style itself, and that shows no words. */
export function isSmallPicture(address: string): boolean {
  return address.length < MOST_PICTURE && /^data:image\/(png|gif|webp|svg\+xml[^,]*,(?!.*(<|%3c)text))/is.test(address) && !/svg.*;base64/i.test(address);
}

// Icons are single signs or escapes of them; words are not.
function written(text: string, core: Core, shown: boolean): string {
  if (shown) return core.cleanText(text);
  return /^.(\\[\da-f]{1,6}|[^\\]?)\s?.$/iu.test(text) ? text : hidden(text.slice(1, -1)).replace(/^.*$/s, `${text[0]}$&${text[0]}`);
}
