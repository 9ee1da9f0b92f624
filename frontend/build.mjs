// Why it exists: turns each npm package the browser needs into one ES module under vendor/, beside fonts and the
// icon sprite, so that the app itself is served unbuilt. Idempotent: a stamp skips the work when nothing changed.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const OUT = join(HERE, "vendor");

const DIRECTIVES = ["class-map", "guard", "if-defined", "keyed", "live", "ref", "repeat", "style-map", "until", "when"];

/** One vendored module per entry: what it re-exports, in ES module source (also its typing). */
const MODULES = {
  lit: ["lit", ...DIRECTIVES.map((name) => `lit/directives/${name}.js`), "lit/directives/cache.js"],
  argon2: ["@noble/hashes/argon2.js"],
  sha2: ["@noble/hashes/sha2.js"],
  idb: ["idb"],
  liquid: ["liquidjs"],
  comlink: ["comlink"],
  qr: ["lean-qr"],
};
/** Packages whose useful export is the default one. */
const DEFAULTS = { "signature-pad": ["signature_pad", "SignaturePad"] };

const FONTS = ["400Regular", "700Bold"];

/** Names of lucide icons in the sprite, in alphabetical order. */
export const ICONS = `alarm-clock archive arrow-left arrow-right-left audio-lines ban book-open building-2
calendar calendar-check calendar-days camera car check chevron-down chevron-left chevron-right chevron-up
circle circle-alert circle-check circle-dot circle-question-mark circle-user circle-x clipboard-check
clipboard-list clock cloud cloud-alert cloud-check cloud-download cloud-off cloud-upload copy delete download
ellipsis eraser external-link file-check file-plus file-spreadsheet file-text flag folder folder-open
git-compare git-merge graduation-cap hard-drive heart history hourglass house id-card image image-plus inbox
info key-round layers list loader-circle lock lock-keyhole lock-open log-out map-pin menu message-circle
message-square-warning messages-square mic minus octagon-alert paperclip pause pencil phone phone-call
phone-off play plus printer qr-code refresh-cw rotate-ccw save scale search send settings shield-alert
shield-check shield-x signature skip-forward sliders-horizontal sparkles star store sun table-2 tablet
thumbs-down thumbs-up timer trash-2 triangle-alert undo-2 upload user user-round users wifi-off wrench x`.split(/\s+/);

function source(name) {
  const lines = (MODULES[name] ?? []).map((from) => `export * from "${from}";`);
  if (DEFAULTS[name]) lines.push(`export { default as ${DEFAULTS[name][1]} } from "${DEFAULTS[name][0]}";`);
  return `${lines.join("\n")}\n`;
}

async function bundle(name) {
  await build({
    stdin: { contents: source(name), resolveDir: ROOT, sourcefile: `${name}.js` },
    outfile: join(OUT, `${name}.js`),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "inline",
    logLevel: "warning",
  });
  await writeFile(join(OUT, `${name}.d.ts`), source(name));
}

/** Turns one lucide file into a `<symbol>`; colour and stroke come from the stylesheet (`.icon`). */
async function symbol(name) {
  const svg = await readFile(join(ROOT, "node_modules/lucide-static/icons", `${name}.svg`), "utf-8");
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "")}</symbol>`;
}

async function sprite() {
  const symbols = await Promise.all(ICONS.map(symbol));
  const head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide icons, ISC licence -->';
  await writeFile(join(OUT, "icons.svg"), `${head}\n${symbols.join("\n")}\n</svg>\n`);
}

async function fonts() {
  await mkdir(join(OUT, "fonts"), { recursive: true });
  for (const weight of FONTS) {
    const file = `NotoSansSC_${weight}.ttf`;
    const from = join(ROOT, "node_modules/@expo-google-fonts/noto-sans-sc", weight, file);
    await copyFile(from, join(OUT, "fonts", file));
  }
}

async function stampNow() {
  const parts = await Promise.all(["package-lock.json", "frontend/build.mjs"].map((f) => readFile(join(ROOT, f))));
  return createHash("sha256").update(Buffer.concat(parts)).digest("hex");
}

async function main() {
  const stamp = await stampNow();
  const stampFile = join(OUT, ".stamp");
  const before = await readFile(stampFile, "utf-8").catch(() => "");
  if (before === stamp) return console.log("frontend/vendor is up to date");
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  const names = [...Object.keys(MODULES), ...Object.keys(DEFAULTS)];
  await Promise.all([...names.map(bundle), sprite(), fonts()]);
  await writeFile(stampFile, stamp);
  console.log(`frontend/vendor built: ${names.length} modules, ${ICONS.length} icons, ${FONTS.length} fonts`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
