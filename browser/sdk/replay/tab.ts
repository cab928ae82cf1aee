// A tab keeps its id from page to page. Who duplicates a tab copies what it keeps: a tab that is open twice is two.
const STORED = "nous_window";
const OPEN = "open";

export class Tab {
  #id: string;
  #sequence: number;

  constructor() {
    const [id, sequence, state] = (read() ?? "").split(" ");
    const goesOn = id && state !== OPEN;
    this.#id = goesOn ? id : crypto.randomUUID();
    this.#sequence = goesOn ? Number(sequence) : 0;
    this.open();
  }

  get id(): string {
    return this.#id;
  }

  /** The number of the next piece, from 0. */
  next(): number {
    const number = this.#sequence;
    this.#sequence += 1;
    this.open();
    return number;
  }

  open(): void {
    this.#write(OPEN);
  }

  close(): void {
    this.#write("closed");
  }

  #write(state: string): void {
    try {
      sessionStorage.setItem(STORED, `${this.#id} ${this.#sequence} ${state}`);
    } catch {
      // closed to us: each page is a tab of its own
    }
  }
}

function read(): string | null {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}
