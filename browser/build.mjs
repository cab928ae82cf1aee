// Bundles the site's own script and style and copies the fonts for letters that few pages need. Usage: node build.mjs OUTPUT_FOLDER
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const output = process.argv[2];
mkdirSync(join(output, "fonts"), { recursive: true });

await build({
  entryPoints: { site: "site/site.ts", style: "site/style.css" },
  outdir: output,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  external: ["*.woff2"],
  logLevel: "warning",
});
const inter = "node_modules/@fontsource-variable/inter/files/inter";
copyFileSync(`${inter}-latin-wght-normal.woff2`, join(output, "fonts/inter-latin.woff2"));
copyFileSync(`${inter}-latin-ext-wght-normal.woff2`, join(output, "fonts/inter-ext.woff2"));
copyFileSync("site/icon.svg", join(output, "icon.svg"));
// What servers hand out to browsers that take it compressed, which all do.
for (const name of ["site.js", "style.css"]) {
  writeFileSync(join(output, `${name}.gz`), gzipSync(readFileSync(join(output, name)), { level: 9 }));
}
