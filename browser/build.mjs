// Bundles the site's own script and style, copies the fonts for letters that few pages need, and bundles the script
// that customers' pages load or import. Usage: node build.mjs FOLDER_OF_THE_SITE FOLDER_OF_THE_SCRIPTS
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const [output, scripts] = process.argv.slice(2);
mkdirSync(join(output, "fonts"), { recursive: true });

await build({
  entryPoints: { site: "site/site.ts", votes: "site/votes.ts", style: "site/style.css", public: "site/public.css", player: "player/player.css" },
  outdir: output,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  external: ["*.woff2"],
  logLevel: "warning",
});
// The player is loaded by its own pages alone.
await build({
  entryPoints: { player: "player/player.ts", stage: "player/stage.ts", heat: "player/heat.ts" },
  outdir: output,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  loader: { ".css": "text" },
  logLevel: "warning",
});
const inter = "node_modules/@fontsource-variable/inter/files/inter";
copyFileSync(`${inter}-latin-wght-normal.woff2`, join(output, "fonts/inter-latin.woff2"));
copyFileSync(`${inter}-latin-ext-wght-normal.woff2`, join(output, "fonts/inter-ext.woff2"));
copyFileSync("site/icon.svg", join(output, "icon.svg"));
// What servers hand out to browsers that take it compressed, which all do.
for (const name of ["site", "votes", "player", "stage", "heat"]) {
  writeFileSync(join(output, `${name}.js.gz`), gzipSync(readFileSync(join(output, `${name}.js`)), { level: 9 }));
}

const strict = { compilerOptions: { alwaysStrict: false } }; // classes are strict in any case: a word less for each page
const forPages = { outdir: scripts, bundle: true, minify: true, format: "iife", target: "es2022", logLevel: "warning", tsconfigRaw: strict };
// Of the core and of capture all is called on each page: browsers that read this line compile it in one go, off the page's own thread.
const eager = { banner: { js: "//# allFunctionsCalledOnLoad" } };
await build({ ...forPages, ...eager, entryPoints: ["sdk/nous.ts"] });
await build({ ...forPages, entryPoints: ["sdk/worker.ts"] });
// Canvases are left out of recordings: what recorded them, a fifth of rrweb, need not be loaded.
const withoutCanvases = {
  name: "without-canvases",
  setup: ({ onLoad }) =>
    onLoad({ filter: /@rrweb\/record\/dist\/record\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const [from, to] = [text.indexOf("const jsContent = "), text.indexOf("class StylesheetManager {")];
      if (from < 0 || to < from) throw new Error("@rrweb/record has changed: look again where it records canvases.");
      const methods = ["reset", "freeze", "unfreeze", "lock", "unlock"].map((name) => `${name}() {}`).join(" ");
      return { contents: `${text.slice(0, from)}class CanvasManager { ${methods} }\n${text.slice(to)}` };
    }),
};
const parts = { ...forPages, entryNames: "[name]-[hash]", drop: ["console"], plugins: [withoutCanvases] };
await build({ ...parts, ...eager, entryPoints: ["sdk/capture.ts"] });
await build({ ...parts, entryPoints: ["sdk/vitals.ts", "sdk/replay.ts", "sdk/surveys.ts", "sdk/messages.ts", "sdk/push.ts", "sdk/accessibility.ts"] });

// The same script as a package for npm, which the collector hands out: so it always fits the parts beside it.
const staged = join(scripts, "package");
mkdirSync(staged);
for (const name of ["package.json", "README.md"]) copyFileSync(`package/${name}`, join(staged, name));
await build({ ...forPages, outdir: staged, format: "esm", entryPoints: ["sdk/connect.ts"] });
execFileSync("node_modules/.bin/tsc", ["--project", "tsconfig.package.json", "--outDir", staged]);
const packing = ["pack", "--silent", "--pack-destination", scripts, staged];
renameSync(join(scripts, execFileSync("npm", packing, { encoding: "utf8" }).trim()), join(scripts, "nous.tgz"));
rmSync(staged, { recursive: true });
