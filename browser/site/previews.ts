// Shows what a form would make while it is being written: the same page that its button asks for, of which one part is
// taken over.
const PAUSE_MS = 400;

export function showPreviews(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-preview]")) {
    let waiting: number | undefined;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void show(form, form.dataset.preview as string), PAUSE_MS);
    });
  }
}

async function show(form: HTMLFormElement, name: string): Promise<void> {
  const body = new FormData(form);
  body.set("do", "preview");
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => undefined);
  if (!answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(name);
  if (found) document.getElementById(name)?.replaceChildren(...found.childNodes);
}
