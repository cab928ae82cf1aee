// Marks of a heat map over a recorded page: each is placed within the box of its element as this page lays it out.
export interface Spot {
  element: string;
  /** Place within the element's box, 0 to 1; the middle where it is not known. */
  across: number;
  down: number;
  kind: "clicks" | "dead" | "rage";
  share: number;
}

/** A barrier: an element that keeps people out, and how badly. */
export interface Box {
  element: string;
  impact: "minor" | "moderate" | "serious" | "critical";
}

const BAD = "179, 18, 58";
/** Width and dashes of a frame, and how much it is filled: told apart without colour. */
const FRAMES = { minor: [1, [2, 3], 0], moderate: [2, [6, 4], 0], serious: [3, [], 0.1], critical: [5, [], 0.22] } as const;
const COLOURS = { clicks: "10, 94, 168", dead: "92, 96, 104", rage: "179, 18, 58" };
const SMALLEST = 14;
const LARGEST = 46;

/** Draw them over the frame; what belongs to an element that is not on this page is left out. */
export function drawSpots(frame: HTMLIFrameElement, spots: Spot[], boxes: Box[]): void {
  frame.parentElement?.classList.add("still");
  const pen = penOver(frame, "spots");
  const page = frame.contentDocument;
  if (!pen || !page) return;
  for (const box of boxes) drawBox(pen, boxOf(page, box.element), box);
  for (const spot of spots) {
    const box = boxOf(page, spot.element);
    if (box) draw(pen, box.left + box.width * spot.across, box.top + box.height * spot.down, spot);
  }
}

/** Frame barriers where they are now; with none, take the frames away. */
export function drawBarriers(frame: HTMLIFrameElement, boxes: Box[]): void {
  const pen = penOver(frame, "barriers");
  const page = frame.contentDocument;
  if (pen && page) for (const box of boxes) drawBox(pen, boxOf(page, box.element), box);
}

function penOver(frame: HTMLIFrameElement, name: string): CanvasRenderingContext2D | null {
  const wrapper = frame.parentElement;
  if (!wrapper) return null;
  const canvas = wrapper.querySelector<HTMLCanvasElement>(`.${name}`) ?? document.createElement("canvas");
  canvas.className = name;
  canvas.width = frame.clientWidth;
  canvas.height = frame.clientHeight;
  canvas.style.cssText = "position:absolute;left:0;top:0;pointer-events:none";
  wrapper.append(canvas);
  return canvas.getContext("2d");
}

function drawBox(pen: CanvasRenderingContext2D, box: DOMRect | undefined, { impact }: Box): void {
  if (!box?.width || !box.height) return;
  const [width, dashes, filled] = FRAMES[impact] ?? FRAMES.minor;
  pen.lineWidth = width;
  pen.setLineDash([...dashes]);
  pen.strokeStyle = `rgb(${BAD})`;
  pen.fillStyle = `rgba(${BAD}, ${filled})`;
  pen.fillRect(box.left, box.top, box.width, box.height);
  pen.strokeRect(box.left, box.top, box.width, box.height);
  pen.setLineDash([]);
  pen.font = "600 13px system-ui, sans-serif";
  pen.fillStyle = `rgb(${BAD})`;
  const top = Math.max(0, box.top - 18);
  pen.fillRect(box.left, top, pen.measureText(impact).width + 12, 18);
  pen.fillStyle = "#fff";
  pen.fillText(impact, box.left + 6, top + 13);
}

function boxOf(page: Document, selector: string): DOMRect | undefined {
  try {
    return page.querySelector(selector)?.getBoundingClientRect();
  } catch {
    return undefined;
  }
}

// A ring for dead clicks and a cross for rage, so that they are told apart without colour.
function draw(pen: CanvasRenderingContext2D, x: number, y: number, { kind, share }: Spot): void {
  const radius = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(share);
  const colour = COLOURS[kind];
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (kind === "clicks") {
    const glow = pen.createRadialGradient(x, y, 0, x, y, radius);
    glow.addColorStop(0, `rgba(${colour}, .55)`);
    glow.addColorStop(1, `rgba(${colour}, 0)`);
    pen.fillStyle = glow;
    pen.fill();
    return;
  }
  pen.lineWidth = 3;
  pen.strokeStyle = `rgba(${colour}, .9)`;
  if (kind === "rage") {
    const arm = radius / 2;
    pen.moveTo(x - arm, y - arm);
    pen.lineTo(x + arm, y + arm);
    pen.moveTo(x + arm, y - arm);
    pen.lineTo(x - arm, y + arm);
  }
  pen.stroke();
}
