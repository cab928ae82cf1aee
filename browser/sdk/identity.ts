// Who a browser is, and which session it is in. All tabs of a page's origin share both.
import { forget, read, write } from "./storage";

const SILENCE_MS = 30 * 60_000;

export function anonymousId(): string {
  return remembered("anonymous");
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
export function openSession(now: number = Date.now()): string | undefined {
  const [id, last] = (read("session") ?? "").split(" ");
  return id && now - Number(last) < SILENCE_MS ? id : undefined;
}

/** The session of somebody who does something now. */
export function sessionId(now: number = Date.now()): string {
  const goesOn = openSession(now);
  const current = goesOn ?? crypto.randomUUID();
  if (!goesOn) forget("campaign");
  write("session", `${current} ${now}`);
  return current;
}

function remembered(name: string): string {
  const known = read(name);
  if (known) return known;
  const made = crypto.randomUUID();
  write(name, made);
  return made;
}
