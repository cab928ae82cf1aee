// What tells who somebody is or opens their account does not leave the page; the server looks once more, by the same
// rules (`collector/scrubbing.py`).
/** With up to three words right before it that begin with a capital: they are the name of who is written to. The end
    of a sentence is none, an initial is. */
const EMAIL =
  /(?<![\w.+-])(?:[A-ZÀ-Я][^\s<("@%/]{0,30}(?<![a-z]\.)[\s<("]+){0,3}[\w.+À-я-]+(?:@|%40)[\wÀ-я-]+(?:\.[\wÀ-я-]+)+/g;
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;
const IBAN = /\b[a-z]{2}\d{2}(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,3})?\b/gi;
const TOKEN = /(?<![\w-])eyJ[\w-]+\.[\w.-]+|\b(?:sk|pk|gh[a-z]|xox[a-z]|bearer)[-_ ][\w-]{12,}/gi;
const HASH = /\b(?=\w*\d)(?=\w*[a-z])\w{32,}\b/gi;
const ADDRESS = /\bhttps?:\/\/[^\s"'<>()]+/gi;
/** Which query parameters stay in addresses. */
export let kept: string[] = [];

export function keepQuery(names: string[]): void {
  kept = names;
}

/** All that the rules below take out has one of these: most texts are seen by no other rule. */
const SUSPECT = /[\d@%:.]|[-_ ][\w-]{12}/;

export function cleanText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return cleanName(text.replace(ADDRESS, (found) => cleanAddress(found))).replace(HASH, "[token]");
}

/** Names that developers gave: long ones of letters and numbers are no tokens there, but classes and files. */
export function cleanName(text: string): string {
  return cleanMail(text)
    .replace(TOKEN, "[token]")
    .replace(IBAN, (found) => (isIban(found) ? "[iban]" : found))
    .replace(CARD, (found) => (isCard(found) ? "[card]" : found));
}

const cleanMail = (text: string): string => (/@|%40/.test(text) ? text.replace(EMAIL, "[email]") : text);

/** An address without user, fragment and unlisted parameters; what is no address is cleaned as a name. */
export function cleanAddress(address: string, listed: string[] = kept): string {
  let parsed: URL;
  try {
    parsed = new URL(address, location.href);
  } catch {
    return cleanName(address);
  }
  if (!/^http/.test(parsed.protocol)) return parsed.protocol;
  let query = "";
  for (const [name, value] of parsed.searchParams) {
    if (listed.includes(name)) query += `${query ? "&" : "?"}${name}=${encodeURIComponent(cleanText(value))}`;
  }
  return parsed.origin + cleanPath(parsed.pathname) + query;
}

export function cleanPath(path: string): string {
  let plain = path;
  try {
    plain = decodeURIComponent(path);
  } catch {
    // a path that is not encoded well is cleaned as it stands
  }
  const clean = cleanText(plain);
  return clean === plain ? path : clean;
}

/** Every text within a value. Ids may look like tokens or cards; without them orders could not be told apart. */
export function clean(value: unknown, name = ""): unknown {
  if (typeof value === "string") return /(^|_)id$|Id$/.test(name) ? cleanMail(value) : cleanText(value);
  if (Array.isArray(value)) return value.map((one) => clean(one, name));
  if (!value || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one, key)]));
}

// Luhn's sum, from the right.
function isCard(text: string): boolean {
  const digits = text.match(/\d/g)!.reverse();
  // twice a digit adds the sum of its digits
  return digits.reduce((sum, digit, place) => sum + (place % 2 ? (+digit * 2) % 9 || +digit : +digit), 0) % 10 === 0;
}

// ISO 13616: the number, its first four signs moved to the end, letters as numbers from 10, is 1 modulo 97.
function isIban(text: string): boolean {
  const plain = text.replace(/[ -]/g, "");
  const digits = (plain.slice(4) + plain.slice(0, 4)).replace(/[a-z]/gi, (letter) => parseInt(letter, 36) as unknown as string);
  return BigInt(digits) % 97n === 1n;
}
