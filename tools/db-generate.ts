import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Writes the Prisma client to packages/db/src/generated. Prisma looks for a native schema engine that client
 * generation never runs, and fails where it cannot be downloaded: any executable satisfies the look-up.
 */
const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1', ...process.env };
const root = fileURLToPath(new URL('..', import.meta.url));
const cli = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url));

execFileSync(process.execPath, [cli, 'generate', '--schema', 'packages/db/prisma/schema.prisma', '--no-hints'], {
  cwd: root,
  env,
  stdio: 'inherit',
});
