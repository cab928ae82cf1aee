// Marks of a heat map over a recorded page: each is placed within the box of its element as this page lays it out.
export interface Spot {
  element: string;
  /** Place within the element's box, 0 to 1; the middle where it is not known. */
  across: number;
  down: number;
  kind: "clicks" | "dead" | "rage";
  share: number;
}

const COLOURS = { clicks: "10, 94, 168", dead: "92, 96, 104", rage: "179, 18, 58" };
const SMALLEST = 14;
const LARGEST = 46;

/** Draw them over the frame; a spot whose element is not on this page is left out. */
export function drawSpots(frame: HTMLIFrameElement, spots: Spot[]): void {
  const page = frame.contentDocument;
  const wrapper = frame.parentElement;
  if (!page || !wrapper) return;
  wrapper.querySelector(".spots")?.remove();
  const canvas = document.createElement("canvas");
  canvas.className = "spots";
  canvas.width = frame.clientWidth;
  canvas.height = frame.clientHeight;
  canvas.style.cssText = "position:absolute;left:0;top:0;pointer-events:none";
  const pen = canvas.getContext("2d");
  wrapper.append(canvas);
  wrapper.classList.add("still");
  if (!pen) return;
  for (const spot of spots) {
    const box = boxOf(page, spot.element);
    if (box) draw(pen, box.left + box.width * spot.across, box.top + box.height * spot.down, spot);
  }
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
