// One tab stop a chart, arrows inside it, and a tooltip that shows the sentence which screen readers read.
// Listening on the document leaves the charts alone until somebody comes to one: nothing of it delays the first paint.
const MARK = '.chart svg[role="group"] [role="img"]';
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");

export function readCharts(): void {
  document.addEventListener("pointerover", (event) => {
    nameWithoutTooltip(event);
    showOrHide(event);
  });
  document.addEventListener("focusin", showOrHide);
  document.addEventListener("focusout", () => (tip.hidden = true));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
    else move(event);
  });
}

// Browsers show an SVG's title as their own tooltip, over ours.
function nameWithoutTooltip(event: Event): void {
  const chart = (event.target as Element).closest('.chart svg[role="group"]');
  const title = chart?.querySelector(":scope > title");
  if (!chart || !title) return;
  chart.setAttribute("aria-label", title.textContent ?? "");
  chart.removeAttribute("aria-labelledby");
  title.remove();
}

function showOrHide(event: Event): void {
  const mark = (event.target as Element).closest(MARK);
  if (mark) show(mark);
  else tip.hidden = true;
}

function move(event: KeyboardEvent): void {
  const mark = (event.target as Element).closest<SVGElement>(MARK);
  const marks = [...(mark?.closest("svg")?.querySelectorAll<SVGElement>('[role="img"]') ?? [])];
  const next = mark && neighbour(event.key, marks.indexOf(mark), marks);
  if (!next) return;
  event.preventDefault();
  mark.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

function neighbour(key: string, index: number, marks: SVGElement[]): SVGElement | undefined {
  if (key === "ArrowDown" || key === "ArrowRight") return marks[index + 1];
  if (key === "ArrowUp" || key === "ArrowLeft") return marks[index - 1];
  if (key === "Home") return marks[0];
  return key === "End" ? marks.at(-1) : undefined;
}

function show(mark: Element): void {
  const [name, ...rest] = (mark.getAttribute("aria-label") ?? "").split(": ");
  const head = document.createElement("b");
  head.textContent = name ?? "";
  tip.replaceChildren(head, rest.join(": "));
  tip.hidden = false;
  if (!tip.isConnected) document.body.append(tip);
  const box = mark.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + (box.width - size.width) / 2), innerWidth - size.width - 8);
  const above = box.top - size.height - 6;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above > 8 ? above : box.bottom + 6) + scrollY}px`;
}
