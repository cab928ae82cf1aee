// What is known of a page without asking anybody.
import { cleanAddress, cleanPath, cleanText, kept } from "./scrub";
import { known, write } from "./storage";
import type { Properties } from "./types";

const CAMPAIGN = ["utm_campaign", "utm_source", "utm_medium", "utm_term", "utm_content"];
const CLICK_IDS = ["gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "twclid"];

interface Dated {
  Temporal?: { Now: { timeZoneId(): string } };
}

let seen = "";
let told: Properties;

/** Cleaned once for as long as the page keeps its address and title. */
export function page(): Properties {
  const { href: url } = location;
  const { title } = document;
  if (seen !== (seen = [url, title, kept].join())) {
    told = {
      path: cleanPath(location.pathname),
      url: cleanAddress(url),
      title: cleanText(title),
      referrer: document.referrer && cleanAddress(document.referrer, []),
    };
  }
  return told;
}

let timezone = "";
let size: Properties | undefined;
export const forgetSize = (): void => (size = undefined);

export function context(where: Properties): Properties {
  const agent = (navigator as { userAgentData?: { mobile: boolean } }).userAgentData;
  // without Temporal, the first formatter of a page costs some 15 ms
  timezone ||= (window as Dated).Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
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
    const value = parameters.get(name);
    if (value) found[name === "utm_campaign" ? "name" : name.slice(4)] = cleanText(value);
  }
  for (const name of CLICK_IDS) {
    const value = parameters.get(name);
    if (value) found[name] = value;
  }
  if (Object.keys(found).length) write("campaign", JSON.stringify(found));
  return known("campaign");
}
