// The rules of WCAG that a machine can judge, by axe-core. Frames and styles of other origins are left alone.
import axe from "axe-core";
import { told } from "./places";
import type { Impact, Level, Violation } from "./scans";

const TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa"];
const OPTIONS: axe.RunOptions = {
  runOnly: TAGS,
  resultTypes: ["violations"],
  elementRef: true,
  iframes: false,
  preload: false,
};

export async function violations(): Promise<Violation[]> {
  const { violations: found } = await axe.run(document, OPTIONS);
  return found.map(({ id, tags, impact, nodes }) => ({
    rule: id,
    level: levelOf(tags),
    impact: (impact ?? "minor") as Impact,
    count: nodes.length,
    ...told(nodes.flatMap(({ element }) => element ?? [])),
  }));
}

function levelOf(tags: string[]): Level {
  const found = tags.map((tag) => /^wcag\d+(a{1,3})$/.exec(tag)?.[1]).find(Boolean) ?? "a";
  return found.toUpperCase() as Level;
}
