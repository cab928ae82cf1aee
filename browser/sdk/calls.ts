// What a page may call, as those see it who import the script.
export type Properties = Record<string, unknown>;

export interface Nous {
  /** `at`: when it happened, milliseconds since 1970; now without it. */
  track(event: string, properties?: Properties, at?: number): void;
  page(name?: string, properties?: Properties): void;
  identify(id: string, traits?: Properties): void;
  group(id: string, traits?: Properties): void;
  /** Who is here now was somebody else to us before. */
  alias(id: string): void;
  /** Somebody else may come now. */
  reset(): void;
  /** What somebody allows, by purpose. */
  consent(given: Record<string, boolean>): void;
  /** Send what waits. */
  flush(): Promise<void>;
}
