// Elements that break a rule, told so that thousands fit into one event: those that differ by their places alone are
// one selector with the numbers of each.
import { selectorOf } from "../capture/elements";

export interface Elements {
  /** The first of them, with their boxes. */
  elements: { element: string; box: number[] }[];
  /** All others: a selector whose places are stars, and what stands there for each of them. */
  alike: { like: string; at: number[][] }[];
  /** How many had no room. */
  untold: number;
}

const MOST_BOXES = 10;
const MOST_NAMED = 2000;
/** An event holds at most 32 KiB. */
const MOST_LETTERS = 24_000;
const HEAD_LETTERS = 150;
const PLACE = /:nth-of-type\((\d+)\)/g;
const ANY_PLACE = ":nth-of-type(*)";

/** Where elements are on the page, by the names that clicks on them have. */
export function told(found: Element[]): Elements {
  const elements = found.slice(0, MOST_BOXES).map((one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return { element: selectorOf(one), box: [left + scrollX, top + scrollY, width, height].map(Math.round) };
  });
  const others = found.slice(MOST_BOXES, MOST_NAMED).map(selectorOf);
  return { elements, alike: alikeOf(others), untold: Math.max(0, found.length - MOST_NAMED) };
}

/** What fits into one event, the worst first; what does not is counted. */
export function fitted<Found extends Elements>(worstFirst: Found[]): Found[] {
  let room = MOST_LETTERS - worstFirst.length * HEAD_LETTERS;
  const take = <One>(ones: One[], besides = 0): One[] => {
    room -= besides;
    const kept = ones.filter((one) => room > 0 && (room -= lettersOf(one)) > 0);
    return kept;
  };
  return worstFirst.map((one) => {
    const elements = take(one.elements);
    const alike = one.alike.map(({ like, at }) => ({ like, at: take(at, lettersOf(like) + HEAD_LETTERS / 5) }));
    const cut = one.elements.length - elements.length + sum(one.alike) - sum(alike);
    return { ...one, elements, alike: alike.filter(({ at }) => at.length), untold: one.untold + cut };
  });
}

function alikeOf(selectors: string[]): Elements["alike"] {
  const groups = new Map<string, Map<string, number[]>>();
  for (const one of selectors) {
    const at = [...one.matchAll(PLACE)].map(([, place]) => Number(place));
    const like = one.replace(PLACE, ANY_PLACE);
    groups.set(like, (groups.get(like) ?? new Map<string, number[]>()).set(at.join(), at));
  }
  return [...groups].map(([like, at]) => ({ like, at: [...at.values()] }));
}

function lettersOf(one: unknown): number {
  return JSON.stringify(one).length + 1;
}

function sum(groups: Elements["alike"]): number {
  return groups.reduce((all, { at }) => all + at.length, 0);
}
