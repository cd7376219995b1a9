/**
 * Makes the publishable package of the TypeScript client: one ES module without dependencies, its types, a README and a
 * package.json of its own, in packages/sdk/dist, and the archive that `npm publish` would send.
 * Usage: npm run sdk:pack [-- FOLDER]   (default: packages/sdk/dist)
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/root';

const source = path.join(root, 'packages/sdk');

/** What npm publishes; the workspace's own file serves the repository. */
function publishedManifest(): object {
  const { name, version, description, license } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    main: './index.js',
    types: './types/main.d.ts',
    exports: { '.': { types: './types/main.d.ts', default: './index.js' }, './package.json': './package.json' },
    files: ['index.js', 'index.js.map', 'types', 'README.md'],
  };
}

/** Types as each module says them; imports get the endings that Node's resolution asks for. */
function writeTypes(folder: string): void {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', source, '--outDir', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    const withEndings = text.replace(/(from |import\()(['"])(\.[^'"]*)\2/g, '$1$2$3.js$2');
    writeFileSync(path.join(folder, file), withEndings);
  }
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log('npm run sdk:pack [-- FOLDER]   builds the TypeScript client and packs it as npm would publish it');
    return;
  }
  const folder = path.resolve(process.argv[2] ?? path.join(source, 'dist'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: { index: path.join(source, 'src/main.ts') },
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  writeTypes(path.join(folder, 'types'));
  cpSync(path.join(source, 'README.md'), path.join(folder, 'README.md'));
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: folder });
  console.log(path.join(folder, packed.toString().trim()));
}

await main();
