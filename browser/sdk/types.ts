export type Properties = Record<string, unknown>;

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
  traits: string[];
}

export interface Message extends Properties {
  type: string;
  messageId: string;
  timestamp: string;
}

/** What a part that is loaded later may use. */
export interface Core {
  /** `at`: when it happened, milliseconds since 1970; now without it. */
  track(event: string, properties?: Properties, at?: number): void;
  page(name?: string, properties?: Properties): void;
  cleanText(text: string): string;
  cleanAddress(address: string): string;
  /** Names of requests to ourselves, which are no business of the page. */
  host: string;
  /** Whether anything may be stored now. */
  mayStore(): boolean;
}

export type Part = (core: Core) => void;
