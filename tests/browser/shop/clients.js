import posthog from "/npm/posthog-js/dist/module.full.js";

const host = new URL("SCRIPT").origin;
const analytics = window.AnalyticsNext.AnalyticsBrowser.load({ writeKey: "KEY", cdnURL: host });
analytics.identify("segment-ada");
analytics.page();
// A browser that a test drives is a bot to PostHog, whose events it drops
posthog.init("KEY", { api_host: host, opt_out_useragent_filter: true });
posthog.identify("hog-ada");
window.posthog = posthog;
document.getElementById("buy").addEventListener("click", () => {
  analytics.track("Order Completed", { order_id: "o-1" });
  posthog.capture("Order Completed", { order_id: "o-1" });
});
