// Sends one person's story by an unmodified client library: node send.mjs LIBRARY HOST
import { Analytics } from "@segment/analytics-node";
import { PostHog } from "posthog-node";
import rudder from "@rudderstack/rudder-sdk-node";

const [, , library, host] = process.argv;
const late = new Date("2024-01-02T03:04:05.678Z");
const properties = { revenue: 12.5, größe: { tief: [1, { x: "🛒" }] } };
const bought = "Bestellung ✓ 完了";
const traits = { name: "Zoë 🦊" };

async function segment() {
  const client = new Analytics({ writeKey: "WK", host, maxRetries: 6, flushAt: 20, flushInterval: 200 });
  client.on("error", (error) => console.error("segment", error.code, error.reason));
  client.identify({ userId: "u1", anonymousId: "a1", traits });
  client.track({ userId: "u1", event: bought, properties });
  client.track({ userId: "u1", event: "Late", timestamp: late });
  client.page({ userId: "u1", name: "Home", properties: { path: "/start" } });
  client.alias({ userId: "u1", previousId: "before" });
  await client.closeAndFlush({ timeout: 60000 });
}

async function posthog() {
  const client = new PostHog("phc_test", { host, flushAt: 20, fetchRetryDelay: 300, fetchRetryCount: 6 });
  client.on("error", (error) => console.error("posthog", error));
  client.identify({ distinctId: "u1", properties: { ...traits, $anon_distinct_id: "a1" } });
  client.capture({ distinctId: "u1", event: bought, properties });
  client.capture({ distinctId: "u1", event: "Late", timestamp: late });
  client.capture({ distinctId: "u1", event: "$pageview", properties: { $pathname: "/start" } });
  client.alias({ distinctId: "u1", alias: "before" });
  await client.shutdown(60000);
}

async function rudderstack() {
  const client = new (rudder.default ?? rudder)("WK", { dataPlaneUrl: host, flushAt: 20, flushInterval: 200 });
  client.identify({ userId: "u1", anonymousId: "a1", traits });
  client.track({ userId: "u1", event: bought, properties });
  client.track({ userId: "u1", event: "Late", timestamp: late, originalTimestamp: late });
  client.page({ userId: "u1", name: "Home", properties: { path: "/start" } });
  client.alias({ userId: "u1", previousId: "before" });
  await new Promise((done) => client.flush(done));
  setTimeout(() => process.exit(0), 8000);
}

await { segment, posthog, rudderstack }[library]();
