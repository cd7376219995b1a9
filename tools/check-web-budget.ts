// Measures the JavaScript of every console route from the build output and fails over budget.
// Usage: npx tsx tools/check-web-budget.ts [--json]   (build apps/web first)
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

interface Budget {
  /** Most gzip-compressed bytes of JavaScript that a route may need for its first load, in kB (1000 bytes). */
  routeJsKb: number;
}

interface RouteSize {
  route: string;
  files: number;
  gzipBytes: number;
}

const web = path.join(import.meta.dirname, '../apps/web');
const out = path.join(web, '.next');

/** Page manifests below a folder of the build's server output. */
function manifestsOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('page_client-reference-manifest.js'))
    .map((file) => path.join(folder, file));
}

/** Script files that the client components of a page and its layouts need. */
function scriptsOf(manifestFile: string): { route: string; files: string[] } {
  const context = { globalThis: {} as { __RSC_MANIFEST?: Record<string, { entryJSFiles: Record<string, string[]> }> } };
  vm.runInNewContext(readFileSync(manifestFile, 'utf8'), context);
  const [entry] = Object.entries(context.globalThis.__RSC_MANIFEST ?? {});
  if (!entry) throw new Error(`${manifestFile} holds no manifest`);
  return {
    route: entry[0].replace(/\/page$/, '').replace(/\/\([\w-]+\)/g, '') || '/',
    files: Object.values(entry[1].entryJSFiles).flat(),
  };
}

const gzipped = new Map<string, number>();
function gzipBytes(file: string): number {
  const known = gzipped.get(file);
  if (known !== undefined) return known;
  const bytes = gzipSync(readFileSync(path.join(out, file))).length;
  gzipped.set(file, bytes);
  return bytes;
}

function measure(): RouteSize[] {
  const build = JSON.parse(readFileSync(path.join(out, 'build-manifest.json'), 'utf8')) as { rootMainFiles: string[] };
  return manifestsOf(path.join(out, 'server/app'))
    .map((manifest) => {
      const { route, files } = scriptsOf(manifest);
      const all = new Set([...build.rootMainFiles, ...files]);
      return { route, files: all.size, gzipBytes: [...all].reduce((sum, file) => sum + gzipBytes(file), 0) };
    })
    .sort((a, b) => b.gzipBytes - a.gzipBytes);
}

const budget = JSON.parse(readFileSync(path.join(web, 'budget.json'), 'utf8')) as Budget;
const sizes = measure();
if (sizes.length === 0) throw new Error('The build output holds no routes; run the build of apps/web first.');
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ budget, sizes })}\n`);
} else {
  for (const { route, gzipBytes: bytes, files } of sizes) {
    process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${String(files).padStart(2)} files  ${route}\n`);
  }
}
const over = sizes.filter(({ gzipBytes: bytes }) => bytes > budget.routeJsKb * 1000);
if (over.length > 0) {
  process.stderr.write(`Over the budget of ${budget.routeJsKb} kB: ${over.map(({ route }) => route).join(', ')}\n`);
  process.exitCode = 1;
}
