// What a script adds to pages that work without one: filters that send themselves, tooltips, keys, the stored theme.
import { readCharts } from "./charts";
import { listenForKeys } from "./keys";
import { keepFresh } from "./live";
import { showPreviews } from "./previews";
import { offerThemes } from "./themes";

for (const form of document.querySelectorAll<HTMLFormElement>("form.filters")) {
  form.addEventListener("change", () => form.requestSubmit());
}
readCharts();
listenForKeys();
offerThemes();
showPreviews();
keepFresh();
