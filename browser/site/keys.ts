// `/` goes to the search field, `g` and a letter to a page, `?` shows the keys; all of them can be switched off.
const STORED = "nous-keys";
const WAIT_MS = 1500;

export function listenForKeys(): void {
  const help = document.querySelector<HTMLDialogElement>("dialog#keys");
  if (!help) return;
  const off = help.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (off) {
    off.checked = localStorage.getItem(STORED) !== "off";
    off.addEventListener("change", () => localStorage.setItem(STORED, off.checked ? "on" : "off"));
  }
  for (const opener of document.querySelectorAll("[data-opens=keys]")) {
    opener.addEventListener("click", () => help.showModal());
  }
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (localStorage.getItem(STORED) === "off" || help.open || isTyping(event)) return;
    const started = going;
    going = 0;
    if (event.key === "g") going = event.timeStamp;
    else if (started && event.timeStamp - started < WAIT_MS) follow(event.key);
    else if (event.key === "?") help.showModal();
    else if (event.key === "/") search(event);
  });
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return event.ctrlKey || event.metaKey || event.altKey || target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

function follow(letter: string): void {
  document.querySelector<HTMLAnchorElement>(`.menu a[data-key="${CSS.escape(letter)}"]`)?.click();
}

function search(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLElement>("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
}
