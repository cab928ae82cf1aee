// What a page tells by itself: pages, clicks, forms, errors, and the signals of frustration among them.
import { cleanBy } from "./capture/elements";
import { watchForms } from "./capture/forms";
import { watchFrustration } from "./capture/frustration";
import { watchPages } from "./capture/pages";
import { watchRequests } from "./capture/requests";
import { watchWays } from "./capture/ways";
import type { Client } from "./core";

const { nous } = window as unknown as { nous: Client };
nous.use((core) => {
  cleanBy(core);
  watchRequests(core);
  watchFrustration(core, () => void nous.flush());
  watchForms(core);
  watchWays(core);
  watchPages(core);
});
