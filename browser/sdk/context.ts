// What is known of a page without asking anybody.
import { cleanAddress, cleanPath, cleanText, kept } from "./scrub";
import { known, writeJson } from "./storage";
import type { Properties } from "./types";

const CAMPAIGN = ["campaign", "source", "medium", "term", "content"];
const CLICK_IDS = ["gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "twclid"];

interface Dated {
  Temporal?: { Now: { timeZoneId(): string } };
}

let seen: string;
let told: Properties;

/** Cleaned once for as long as the page keeps its address. Its title stays in the browser: many say whose page it is. */
export function page(): Properties {
  const { href: url } = location;
  if (seen !== (seen = [url, kept].join())) {
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
  const agent = (navigator as { userAgentData?: { mobile: boolean } }).userAgentData;
  // without Temporal, the first formatter of a page costs some 15 ms
  timezone ??= (window as Dated).Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    page: where,
    campaign: campaign(),
    locale: navigator.language,
    timezone,
    // read once, for browsers lay out what waits for it before they answer
    screen: (size ??= { width: innerWidth, height: innerHeight, density: devicePixelRatio }),
    userAgentData: { mobile: agent?.mobile ?? /Mobi/.test(navigator.userAgent) },
    library: { name: "nous.js" },
    channel: "web",
  };
}

// The campaign that brought a session is told with each of its events, not only on the page where it landed.
function campaign(): Properties | undefined {
  const found: Properties = {};
  const parameters = new URLSearchParams(location.search);
  for (const name of CAMPAIGN) {
    const value = parameters.get(`utm_${name}`);
    if (value) found[name === "campaign" ? "name" : name] = cleanText(value);
  }
  for (const name of CLICK_IDS) {
    const value = parameters.get(name);
    if (value) found[name] = value;
  }
  if (Object.keys(found).length) writeJson("campaign", found);
  return known("campaign");
}
