// Forms: that they were sent, and which fields had to be filled again. Never what was typed.
import type { Core } from "../types";
import { nameOf, selectorOf } from "./elements";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function watchForms(core: Core): void {
  const left = new WeakMap<EventTarget, number>();
  document.addEventListener("submit", ({ target }) => {
    if (!(target instanceof HTMLFormElement)) return;
    core.track("Form Submitted", { element: selectorOf(target), name: nameOf(target), fields: target.elements.length });
  }, true);
  document.addEventListener("change", ({ target }) => {
    const field = target as Field;
    if (!field.form || /^(checkbox|radio|range|hidden)$/.test(field.type)) return;
    const times = (left.get(field) ?? 0) + 1;
    left.set(field, times);
    if (times > 1) core.track("Field Re-entered", { element: selectorOf(field), name: nameOf(field), times });
  }, true);
}
