// Lays the marks of a heat map over the page as it was recorded; the table beside them says the same in words.
import type { Chunk } from "./chunks";
import { Chunks } from "./chunks";
import type { Box, Spot } from "./spots";
import type { Order, Word } from "./stage";

interface Map {
  start: number;
  at: number;
  chunks: Chunk[];
  spots: Spot[];
  boxes: Box[];
}

async function show(frame: HTMLIFrameElement, map: Map): Promise<void> {
  const chunks = new Chunks(map.chunks);
  const order = (given: Order): void => frame.contentWindow?.postMessage(given, location.origin);
  const index = chunks.at(map.at);
  const events = await chunks.events(chunks.beginOf(index), index);
  order({ do: "open", start: map.start, end: map.start + map.at + 1000, events, at: map.at, speed: 1 });
  order({ do: "spots", spots: map.spots, boxes: map.boxes });
}

const frame = document.querySelector<HTMLIFrameElement>("iframe[data-address]");
const text = document.getElementById("map")?.textContent;
if (frame && text) {
  const map = JSON.parse(text) as Map;
  addEventListener("message", (event: MessageEvent<Word>) => {
    if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
    if (event.data.say === "ready") void show(frame, map);
    if (event.data.say === "drawn") frame.parentElement?.style.setProperty("aspect-ratio", `${event.data.width} / ${event.data.height}`);
  });
  frame.src = frame.dataset.address ?? "";
}
