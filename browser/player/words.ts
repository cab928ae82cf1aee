// What the player says.

/** A time since the beginning, as watches show it. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

export function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000));
  return `${whole} second${whole === 1 ? "" : "s"}`;
}
