#!/usr/bin/env node
// Bundles one app: apps/<name>/src/main.ts -> apps/<name>/dist/main.js. Our own packages go into the bundle, packages
// of npm stay outside and are imported from node_modules. Usage: node tools/build-app.mjs api|worker|fleet|cli [folder]
// A folder other than dist must lie below the root, so that node_modules is found from there. Another server, as of a
// benchmark, is bundled the same way: node tools/build-app.mjs tools/.../server.ts folder
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [, , app, folder] = process.argv;
const isFile = app?.endsWith('.ts') ?? false;
if (!app || (isFile ? !folder : !/^[a-z-]+$/.test(app))) {
  process.stderr.write('Usage: node tools/build-app.mjs api|worker|fleet|cli [folder]\n');
  process.exit(2);
}
const entry = path.join(root, isFile ? app : `apps/${app}/src/main.ts`);
const outdir = path.resolve(folder ?? path.join(root, 'apps', app, 'dist'));

/**
 * Packages stay imports. One that npm could not hoist (its own node_modules below a workspace) would not be found from
 * the bundle's place, so it is imported by its path.
 */
const externalPackages = {
  name: 'external-packages',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, async (args) => {
      if (args.path.startsWith('@suanxiang/') || args.pluginData === 'inner' || args.kind === 'entry-point') return;
      if (args.path.startsWith('node:')) return { path: args.path, external: true };
      const { resolveDir, kind, importer } = args;
      const found = await builder.resolve(args.path, { resolveDir, kind, importer, pluginData: 'inner' });
      if (found.errors.length > 0) return { errors: found.errors };
      const nested = found.path.startsWith(root) && !found.path.startsWith(path.join(root, 'node_modules'));
      if (!nested || !path.isAbsolute(found.path)) return { path: args.path, external: true };
      return { path: path.relative(outdir, found.path).replaceAll(path.sep, '/'), external: true };
    });
  },
};

/** Files that run in threads of their own stand beside main.js. */
const printer = { 'pdf-worker': path.join(root, 'packages/metering/src/invoices/pdf-worker.ts') };
const threads = { api: printer, worker: printer };

const options = {
  absWorkingDir: root,
  entryPoints: { main: entry, ...threads[app] },
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  plugins: [externalPackages],
  // Bundled CommonJS parts may call require().
  banner: {
    js: `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`,
  },
  logLevel: 'warning',
};

// esbuild has printed what is wrong; its stack trace would only hide it.
await build(options).catch(() => process.exit(1));
