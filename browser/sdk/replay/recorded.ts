// What rrweb tells, as far as it is read here.
export type Attributes = Record<string, unknown>;

export interface RecordedNode {
  id: number;
  tagName?: string;
  attributes?: Attributes;
  childNodes?: RecordedNode[];
  textContent?: string;
  isSVG?: boolean;
}

export interface Rule {
  rule: string;
}

export interface Data {
  source?: number;
  href?: string;
  id?: number;
  node?: RecordedNode;
  text?: string;
  positions?: { id: number }[];
  adds?: { parentId: number; node: RecordedNode }[] & Rule[];
  texts?: { id: number; value: string | null }[];
  attributes?: { id: number; attributes: Attributes }[];
  styles?: { rules?: Rule[] }[];
  replace?: string;
  replaceSync?: string;
  set?: { value: unknown };
  tag?: string;
  payload?: unknown;
}

export interface Recorded {
  type: number;
  timestamp: number;
  data: Data;
}

/** The number of what is not in the recording. */
export const UNSEEN = -1;
export const INCREMENT = 3;
export const CUSTOM = 5;
export const SOURCE = { mutation: 0, move: 1, interaction: 2, input: 5, touch: 6, drag: 12 };
