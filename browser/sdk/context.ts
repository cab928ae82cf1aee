// What is known of a page without asking anybody.
import { cleanAddress, cleanPath, cleanText } from "./scrub";
import { read, write } from "./storage";
import type { Properties } from "./types";

const CAMPAIGN = ["campaign", "source", "medium", "term", "content"];
const CLICK_IDS = ["gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "twclid"];

export function page(): Properties {
  return {
    path: cleanPath(location.pathname),
    url: cleanAddress(location.href),
    title: cleanText(document.title),
    referrer: document.referrer && cleanAddress(document.referrer, []),
  };
}

let timezone = "";
let size: Properties | undefined;
addEventListener("resize", () => (size = undefined));

export function context(where: Properties): Properties {
  const agent = (navigator as { userAgentData?: { mobile: boolean } }).userAgentData;
  timezone ||= Intl.DateTimeFormat().resolvedOptions().timeZone; // browsers take long for it
  return {
    page: where,
    campaign: campaign(),
    locale: navigator.language,
    timezone,
    // read once, for browsers lay out what waits for it before they answer
    screen: (size ??= { width: innerWidth, height: innerHeight, density: devicePixelRatio }),
    userAgentData: { mobile: agent ? agent.mobile : /Mobi/.test(navigator.userAgent) },
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
  if (Object.keys(found).length) write("campaign", JSON.stringify(found));
  const stored = read("campaign");
  return stored ? (JSON.parse(stored) as Properties) : undefined;
}
