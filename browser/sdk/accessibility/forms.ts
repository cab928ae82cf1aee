// Errors of forms that are told by colour alone (WCAG 1.4.1): a field turns red, and no word says so.
import { told } from "./places";
import type { Violation } from "./scans";

const SETTLED_MS = 700;
const COLOURS = ["borderTopColor", "borderBottomColor", "outlineColor", "backgroundColor", "color"] as const;
const SAYING = ["aria-invalid", "aria-describedby", "aria-errormessage", "aria-label", "title", "placeholder"];

interface Look {
  colours: string[];
  saying: string;
  focused: boolean;
}

export function watchFormErrors(tell: (found: Violation) => void): void {
  addEventListener("submit", ({ target: form }) => {
    if (!(form instanceof HTMLFormElement)) return;
    const fields = ([...form.elements] as HTMLElement[]).filter((one) => one.matches("input,select,textarea"));
    const before = fields.map(lookOf);
    const text = document.body.innerText;
    setTimeout(() => {
      if (!form.isConnected || document.body.innerText !== text) return;
      const red = fields.filter((field, place) => turnedRed(before[place] as Look, lookOf(field)));
      if (!red.length) return;
      tell({ rule: "form-error-by-colour", level: "A", impact: "serious", count: red.length, ...told(red) });
    }, SETTLED_MS);
  }, true);
}

function lookOf(field: HTMLElement): Look {
  const style = getComputedStyle(field);
  const saying = SAYING.map((name) => field.getAttribute(name)).join("|");
  return { colours: COLOURS.map((name) => style[name]), saying, focused: document.activeElement === field };
}

/** A field that gains or loses the focus looks different for that alone. */
function turnedRed(before: Look, now: Look): boolean {
  if (before.focused !== now.focused || before.saying !== now.saying) return false;
  return now.colours.some((colour, place) => colour !== before.colours[place] && isRed(colour));
}

function isRed(colour: string): boolean {
  const [red = 0, green = 0, blue = 0, shown = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return colour.startsWith("rgb") && shown > 0 && red - Math.max(green, blue) > 12;
}
