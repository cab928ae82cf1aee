// Asks customers on the page, beside what they just did: the server says whether, what, and what comes next.
import type { Client } from "./core";
import { style } from "./surveys/style";
import { Widget } from "./surveys/widget";
import type { Core, Properties, Survey } from "./types";

const DAY_MS = 86_400_000;
const SERVERS_OWN = ["country", "channel", "platform", "campaign"];
const ASKED = "nous_asked";

(window as unknown as { nous: Client }).nous.use((core) => {
  const { address, ask: listed } = core.configuration.surveys ?? { address: "", ask: [] };
  const tried = new Set<string>();
  let open = false;

  const consider = (event: string, at: number, message: Properties = {}): void => {
    const said = { screen: new URL(core.cleanAddress(location.href)).pathname, ...(message.properties as Properties) };
    const fits = listed.find((one) => !tried.has(one.survey) && isBeside(one, event, said) && isHere(one) && isIn(core, one));
    if (fits && !open) void ask(fits, at);
  };

  const ask = async (one: Survey, at: number): Promise<void> => {
    tried.add(one.survey);
    if (!mayTry(core, one.survey)) return;
    const screen = new URL(core.cleanAddress(location.href)).pathname;
    const language = document.documentElement.lang || navigator.language;
    const body = JSON.stringify({ key: core.key, survey: one.survey, ...core.who(true), screen, moment: at, language });
    try {
      const answer = await fetch(`${address}/s/ask/`, { method: "POST", body, credentials: "omit" });
      if (answer.status !== 200) return;
      open = true;
      new Widget(address, await answer.json(), style, core.cleanText, () => (open = false)).show();
    } catch {
      // nobody is bothered with a survey that cannot be had
    }
  };

  core.listen(consider);
  consider("", Date.now());
});

/** Beside one of the events or the ends of steps that it names; without any, as soon as a page is there. */
function isBeside(one: Survey, event: string, said: Properties): boolean {
  if (!one.after.length && !one.steps.length) return event === "" || event === "Page Viewed";
  return one.after.includes(event) || (event !== "" && one.steps.some((step) => isEnd(step, event, said)));
}

/** What only the server finds out is not held against an event. */
function isEnd({ events, where }: Survey["steps"][number], event: string, said: Properties): boolean {
  if (events.length && !events.includes(event)) return false;
  return Object.entries(where).every(([name, values]) =>
    name in said ? values.includes(String(said[name])) : SERVERS_OWN.includes(name));
}

function isHere(one: Survey): boolean {
  const language = (document.documentElement.lang || navigator.language).toLowerCase();
  const spoken = !one.languages.length || one.languages.some((name) => language.startsWith(name.toLowerCase()));
  return spoken && (!one.paths.length || one.paths.some((path) => pattern(path).test(location.pathname)));
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
}

/** The same browsers are in the sample of a survey on each of their pages. */
function isIn(core: Core, one: Survey): boolean {
  let hash = 2_166_136_261;
  for (const letter of core.who(false).anonymousId + one.survey) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619);
  return ((hash >>> 0) / 2 ** 32) * 100 < one.share;
}

/** The server is asked once a day for each survey; it is what decides. */
function mayTry(core: Core, survey: string): boolean {
  if (!core.mayStore()) return false;
  try {
    const asked = JSON.parse(localStorage.getItem(ASKED) ?? "{}") as Record<string, number>;
    if (Date.now() - (asked[survey] ?? 0) < DAY_MS) return false;
    localStorage.setItem(ASKED, JSON.stringify({ ...asked, [survey]: Date.now() }));
  } catch {
    // a closed storage: the server remembers
  }
  return true;
}
