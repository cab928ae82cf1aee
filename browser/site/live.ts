// Keeps a part of a page fresh: every so many seconds the page is asked for again and the part is taken over, unless
// somebody is using it.
export function keepFresh(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    setInterval(() => void refresh(part), Number(part.dataset.live) * 1000);
  }
}

async function refresh(part: HTMLElement): Promise<void> {
  if (document.hidden || part.contains(document.activeElement)) return;
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  if (found && found.innerHTML !== part.innerHTML) part.replaceChildren(...found.childNodes);
}
