// Writes the console's icon sprite, apps/web/src/ui/icons.svg, from the Lucide icons that ui/icons.tsx names.
// Usage: npx tsx tools/web-icons.ts [--check]   (--check fails when the file is out of date)
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

type IconNode = [tag: string, attributes: Record<string, string>][];

const root = path.join(import.meta.dirname, '..');
const listFile = path.join(root, 'apps/web/src/ui/icons.tsx');
const spriteFile = path.join(root, 'apps/web/src/ui/icons.svg');

/** Names of the icons in the list, in its order. */
function iconNames(): string[] {
  return [...readFileSync(listFile, 'utf8').matchAll(/icon\('([a-z0-9-]+)'\)/g)].map(([, name]) => name ?? '');
}

/** Shapes of an icon. An old name of one leads on to its new name. */
async function shapesOf(name: string): Promise<IconNode> {
  const file = path.join(root, `node_modules/lucide-react/dist/esm/icons/${name}.mjs`);
  const { __iconData } = (await import(pathToFileURL(file).href)) as { __iconData?: { node: IconNode } };
  if (__iconData) return __iconData.node;
  const renamed = /from '\.\/([a-z0-9-]+)\.mjs'/.exec(readFileSync(file, 'utf8'))?.[1];
  if (!renamed) throw new Error(`${file} holds no shapes`);
  return shapesOf(renamed);
}

/** One icon as a symbol. Colour and stroke width come from where it is used. */
async function symbolOf(name: string): Promise<string> {
  const shapes = (await shapesOf(name)).map(([tag, attributes]) => {
    const text = Object.entries(attributes)
      .filter(([key]) => key !== 'key')
      .map(([key, value]) => `${key}="${value}"`);
    return `<${tag} ${text.join(' ')}/>`;
  });
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.join('')}</symbol>`;
}

const symbols = await Promise.all(iconNames().map(symbolOf));
const sprite = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">\n<!-- Lucide, ISC license: https://lucide.dev/license -->\n${symbols.join('\n')}\n</svg>\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(spriteFile, 'utf8') !== sprite) {
    process.stderr.write('apps/web/src/ui/icons.svg is out of date; run npx tsx tools/web-icons.ts\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(spriteFile, sprite);
  process.stdout.write(`${symbols.length} icons, ${Buffer.byteLength(sprite)} bytes\n`);
}
