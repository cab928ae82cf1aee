// Recordings of what a page showed, masked before they leave it.
import type { Client } from "./core";
import { Recorder } from "./replay/recorder";

interface Page {
  nous?: Client;
}

(window as Page).nous?.use((core) => {
  if (!isPartOfRecorded()) new Recorder(core).begin();
});

/** A frame of a page that is recorded itself, with all its frames of the same origin. */
function isPartOfRecorded(): boolean {
  try {
    return window !== window.parent && !!(window.parent as Page).nous;
  } catch {
    return false; // the page around is of another origin
  }
}
