// What a browser remembers: in memory until it may be stored, and where storage is closed to us.
const PREFIX = "nous_";
/** Who said no must not be asked again on the next page: their choice is stored in any case. */
const CHOICE = "consent";
const memory = new Map<string, string>();
let open = false;

/** From now on things are stored; what was remembered so far goes along. */
export function openStorage(): void {
  open = true;
  for (const [name, value] of memory) write(name, value);
  memory.clear();
}

/** Forget everything, and store nothing until opened again. */
export function closeStorage(): void {
  try {
    for (const kept of [localStorage, sessionStorage]) {
      for (const key of Object.keys(kept)) if (key.startsWith(PREFIX)) kept.removeItem(key);
    }
  } catch {
    // closed to us: nothing was stored
  }
  memory.clear();
  open = false;
}

export function read(name: string): string | null {
  try {
    return memory.get(name) ?? localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** What was stored as JSON. */
export function known<Kind>(name: string): Kind | undefined {
  try {
    return (JSON.parse(read(name)!) as Kind | null) ?? undefined; // null is read as it is written
  } catch {
    return undefined; // somebody else wrote there
  }
}

export function write(name: string, value: string): void {
  try {
    if (open || name === CHOICE) return localStorage.setItem(PREFIX + name, value);
  } catch {
    // a full or closed storage: memory has to do
  }
  memory.set(name, value);
}

export function writeJson(name: string, value: unknown): void {
  write(name, JSON.stringify(value));
}

export function forget(name: string): void {
  memory.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // closed to us: nothing was stored
  }
}

/** The names of all that is stored; of what others store, what stands after as many letters. */
export function names(): string[] {
  try {
    return Object.keys(localStorage).map((key) => key.slice(PREFIX.length));
  } catch {
    return []; // closed to us: nothing was stored
  }
}
