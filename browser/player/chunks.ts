// The recording comes in pieces of some seconds; only those that are needed are fetched, and one that cannot be read
// costs its own seconds.
import type { Recorded } from "./harmless";

export interface Chunk {
  /** Milliseconds since the session began. */
  from: number;
  to: number;
  /** Whether it holds the whole page, so that what comes later needs nothing from before. */
  whole: boolean;
  /** The screen it begins on, as barriers name it. */
  route: string;
  /** What the client's clock was off, in milliseconds. */
  shift: number;
  /** None for a piece that never came. */
  address: string;
}

export class Chunks {
  private readonly kept = new Map<number, Promise<Recorded[] | null>>();
  readonly broken = new Set<number>();

  constructor(readonly all: Chunk[]) {}

  /** The chunk that a moment is in: the last that began until then. */
  at(moment: number): number {
    const later = this.all.findIndex((chunk) => chunk.from > moment);
    return Math.max(0, (later < 0 ? this.all.length : later) - 1);
  }

  /** Where to begin so that a chunk can be drawn: the last one with the whole page. */
  beginOf(index: number): number {
    for (let one = index; one > 0; one--) if (this.all[one]?.whole && !this.broken.has(one)) return one;
    return 0;
  }

  /** The events of chunks that follow each other; those of broken ones are missing. */
  async events(first: number, last: number): Promise<Recorded[]> {
    const wanted = Array.from({ length: last - first + 1 }, (_, step) => this.one(first + step));
    return (await Promise.all(wanted)).flatMap((events) => events ?? []);
  }

  private one(index: number): Promise<Recorded[] | null> {
    const known = this.kept.get(index);
    if (known) return known;
    const asked = this.fetched(index);
    this.kept.set(index, asked);
    return asked;
  }

  private async fetched(index: number): Promise<Recorded[] | null> {
    const chunk = this.all[index];
    try {
      const answer = chunk?.address ? await fetch(chunk.address) : undefined;
      if (!chunk || !answer?.ok) throw new Error("missing");
      const events = (await answer.json()) as Recorded[];
      for (const event of events) event.timestamp += chunk.shift;
      return events;
    } catch {
      this.broken.add(index);
      return null;
    }
  }
}
