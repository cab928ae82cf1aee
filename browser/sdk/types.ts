import type { Properties } from "./calls";
export type { Nous, Properties } from "./calls";

/** What the workspace asks of its pages; `/v1/config/{key}` answers it. */
export interface Configuration {
  /** Nothing is stored or sent before somebody consents. */
  consent: boolean;
  /** The share of browsers whose parts are loaded, 0 to 1. */
  sample: number;
  /** Further parts by name, and where they lie below the host. */
  parts: Record<string, string>;
  /** Query parameters that stay in addresses. */
  query: string[];
  /** Traits that may be sent; others are left out. */
  traits?: string[];
  /** Properties of the page's own events that may be sent. */
  properties?: string[];
  /** Recordings: of which share of sessions, whether only of those who allow them, whether text is legible. */
  replay?: { share: number; consent: boolean; text: boolean };
  /** Parts that only a share of sessions loads, 0 to 1. */
  shares?: Record<string, number>;
  /** Which surveys may be asked on pages, and the site that asks them. */
  surveys?: Surveys;
  /** The site that holds messages for this browser, where plays leave some. */
  messages?: { address: string };
  /** The site that keeps which browsers take push messages, and the public key of the workspace. */
  push?: { address: string; key: string };
}

/** Whose a piece of a recording is; no session where half an hour passed in silence. */
export interface Who {
  anonymousId: string;
  userId: string | undefined;
  sessionId: string | undefined;
}

export interface Surveys {
  address: string;
  ask: Survey[];
}

/** Beside what a survey may be asked. */
export interface Survey {
  survey: string;
  after: string[];
  /** What ends a step beside which it is asked: any of these events (none: any at all) of which properties say so. */
  steps: { events: string[]; where: Record<string, string[]> }[];
  paths: string[];
  languages: string[];
  share: number;
}

/** Hears of what is told, by the names of events, when (milliseconds since 1970), and what was told. */
export type Listener = (event: string, at: number, message: Properties) => unknown;

export interface Message extends Properties {
  messageId: string;
}

/** What a part that is loaded later may use. */
export interface Core {
  configuration: Configuration;
  /** `at`: when it happened, milliseconds since 1970; now without it. */
  track(event: string, properties?: Properties, at?: number): void;
  page(name?: string, properties?: Properties): void;
  cleanText(text: string): string;
  cleanName(text: string): string;
  cleanAddress(address: string): string;
  /** Names of requests to ourselves, which are no business of the page. */
  host: string;
  key: string;
  /** `acts`: somebody does something just now, which goes on with their session or begins one. */
  who(acts: boolean): Who;
  /** Whether this session may be recorded now. */
  mayRecord(): boolean;
  /** Whether anything may be stored now. */
  mayStore(): boolean;
  listen(listener: Listener): void;
}

export type Part = (core: Core) => void;
