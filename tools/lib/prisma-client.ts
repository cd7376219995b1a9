import path from 'node:path';
import { contentHash, isFresh, writeStamp } from './content-hash';
import { root } from './root';
import { runNode } from './run-command';

/**
 * Prisma looks for a native schema engine that client generation never runs, and fails where it cannot be downloaded:
 * any executable satisfies the look-up. One that the user has set is left alone.
 */
const env = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
  CHECKPOINT_DISABLE: '1',
};

/** Writes the Prisma client to packages/db/src/generated. */
export async function generatePrismaClient(logFile?: string): Promise<void> {
  const cli = path.join(root, 'node_modules/prisma/build/index.js');
  const args = [cli, 'generate', '--schema', 'packages/db/prisma/schema.prisma', '--no-hints'];
  await runNode(args, { cwd: root, env, ...(logFile ? { logFile } : {}) });
}

/** The same, only when the schema or Prisma changed since the last time. True when it had to run. */
export async function ensurePrismaClient(logFile?: string): Promise<boolean> {
  const stamp = path.join(root, '.cache/prisma-client.stamp');
  const hash = contentHash(root, ['packages/db/prisma/schema.prisma', 'node_modules/prisma/package.json']);
  if (isFresh(stamp, hash, [path.join(root, 'packages/db/src/generated/client.ts')])) return false;
  await generatePrismaClient(logFile);
  writeStamp(stamp, hash);
  return true;
}
