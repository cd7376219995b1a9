/**
 * Writes down what the newest version of the API promises, after checking that nothing that was promised is broken.
 * Usage: npm run api:promise [-- --break]   (--break: for changes before the version is out)
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openApiDocument } from '@suanxiang/contract/openapi';
import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { type ApiDocument, apiSurface, breakingChanges } from './lib/api-surface';
import { root } from './lib/root';

if (process.argv.includes('--help')) {
  console.log(
    'npm run api:promise [-- --break]   writes docs/api/surface-<version>.txt, refusing to break what it promises',
  );
  process.exit(0);
}
const file = path.join(root, `docs/api/surface-${NEWEST_API_VERSION}.txt`);
const present = apiSurface(openApiDocument(NEWEST_API_VERSION) as ApiDocument);
const promised = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const broken = breakingChanges(promised, present);
if (broken.length > 0 && !process.argv.includes('--break')) {
  console.error(`This would break clients:\n${broken.map((one) => `  ${one}`).join('\n')}`);
  process.exit(1);
}
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${present.join('\n')}\n`);
