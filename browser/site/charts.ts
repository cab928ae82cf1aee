// One tab stop a chart, arrows inside it, and a tooltip that shows the sentence which screen readers read.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");

export function readCharts(root: ParentNode): void {
  for (const chart of root.querySelectorAll<SVGSVGElement>('.chart svg[role="group"]')) {
    nameWithoutTooltip(chart);
    const marks = [...chart.querySelectorAll<SVGRectElement>('[role="img"]')];
    for (const mark of marks) listenTo(mark, marks);
  }
  document.body.append(tip);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
}

// Browsers show an SVG's title as their own tooltip, over ours.
function nameWithoutTooltip(chart: SVGSVGElement): void {
  const title = chart.querySelector(":scope > title");
  if (!title) return;
  chart.setAttribute("aria-label", title.textContent ?? "");
  chart.removeAttribute("aria-labelledby");
  title.remove();
}

function listenTo(mark: SVGRectElement, marks: SVGRectElement[]): void {
  mark.addEventListener("pointerenter", () => show(mark));
  mark.addEventListener("pointerleave", () => (tip.hidden = true));
  mark.addEventListener("focus", () => show(mark));
  mark.addEventListener("blur", () => (tip.hidden = true));
  mark.addEventListener("keydown", (event) => {
    const next = neighbour(event.key, marks.indexOf(mark), marks);
    if (!next) return;
    event.preventDefault();
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

function neighbour(key: string, index: number, marks: SVGRectElement[]): SVGRectElement | undefined {
  if (key === "ArrowDown" || key === "ArrowRight") return marks[index + 1];
  if (key === "ArrowUp" || key === "ArrowLeft") return marks[index - 1];
  if (key === "Home") return marks[0];
  return key === "End" ? marks.at(-1) : undefined;
}

function show(mark: SVGRectElement): void {
  const [name, ...rest] = (mark.getAttribute("aria-label") ?? "").split(": ");
  const head = document.createElement("b");
  head.textContent = name ?? "";
  tip.replaceChildren(head, rest.join(": "));
  tip.hidden = false;
  const box = mark.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left + (box.width - size.width) / 2), innerWidth - size.width - 8);
  const above = box.top - size.height - 6;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above > 8 ? above : box.bottom + 6) + scrollY}px`;
}
