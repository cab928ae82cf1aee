// Who a browser is, and which session it is in. All tabs of a page's origin share both.
import { forget, read, write } from "./storage";

const SILENCE_MS = 30 * 60_000;
/** Storing costs more than it seems: that a session goes on is written this often at most. */
const NOTED_MS = 10_000;

export function anonymousId(): string {
  const known = read("anonymous");
  if (known) return known;
  const made = crypto.randomUUID();
  write("anonymous", made);
  return made;
}

export function userId(): string | undefined {
  return read("user") ?? undefined;
}

export function become(id: string): void {
  write("user", id);
}

/** Somebody else may come now: nothing ties them to who was here. */
export function forgetPerson(): void {
  for (const name of ["anonymous", "user", "session"]) forget(name);
}

/** The session that goes on; none after half an hour of silence. */
export function openSession(): string | undefined {
  const [id, last] = noted();
  return Date.now() - last < SILENCE_MS ? id : undefined;
}

/** The session of somebody who does something now. */
export function sessionId(): string {
  const goesOn = openSession();
  const current = goesOn ?? crypto.randomUUID();
  const now = Date.now();
  if (!goesOn) forget("campaign");
  if (!goesOn || now - noted()[1] > NOTED_MS) write("session", `${current} ${now}`);
  return current;
}

/** The session that was begun last, and when somebody last did something in it: a number as it was written. */
const noted = (): [string | undefined, number] =>
  (read("session") ?? "").split(" ") as unknown as [string | undefined, number];
