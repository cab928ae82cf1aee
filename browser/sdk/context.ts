// What is known of a page without asking anybody.
import { cleanAddress, cleanPath, cleanText, kept } from "./scrub";
import { known, writeJson } from "./storage";
import type { Properties } from "./types";

const TOLD = /^(?:utm_(campaign|source|medium|term|content)|(?:(?:g|fb|tt|tw)cl|msclk)id|[gw]braid|li_fat_id)$/;

interface Dated {
  Temporal?: { Now: { timeZoneId(): string } };
}

let seen: string;
let told: Properties;

/** Cleaned once for as long as the page keeps its address. Its title stays in the browser: many say whose page it is. */
export function page(): Properties {
  const { href: url } = location;
  if (seen !== (seen = url + kept)) {
    told = {
      path: cleanPath(location.pathname),
      url: cleanAddress(url),
      referrer: document.referrer && cleanAddress(document.referrer, []),
    };
  }
  return told;
}

let timezone: string | undefined;
let size: Properties | undefined;
export const forgetSize = (): void => (size = undefined);

export function context(where: Properties): Properties {
  // without Temporal, the first formatter of a page costs some 15 ms
  timezone ??= (window as Dated).Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    page: where,
    campaign: campaign(),
    locale: navigator.language,
    timezone,
    // read once, for browsers lay out what waits for it before they answer
    screen: (size ??= { width: innerWidth, height: innerHeight, density: devicePixelRatio }),
    userAgentData: { mobile: /Mobi/.test(navigator.userAgent) },
    library: { name: "nous.js" },
    channel: "web",
  };
}

// The campaign that brought a session is told with each of its events, not only on the page where it landed.
function campaign(): Properties | undefined {
  const found: Properties = {};
  for (const [name, value] of new URLSearchParams(location.search)) {
    const [match, tag] = TOLD.exec(name) ?? [];
    if (match) found[tag?.replace("campaign", "name") ?? name] ??= tag ? cleanText(value) : value;
  }
  if (Object.keys(found)[0]) writeJson("campaign", found);
  return known("campaign");
}
