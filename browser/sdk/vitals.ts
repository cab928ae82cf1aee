// How fast pages load and answer, as people live it.
import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from "web-vitals";
import type { Client } from "./core";

(window as unknown as { nous: Client }).nous.use((core) => {
  const tell = ({ name, value, rating }: Metric): void => core.track("Web Vital Measured", { vital: name, value, rating });
  for (const measure of [onCLS, onFCP, onINP, onLCP, onTTFB]) measure(tell);
});
