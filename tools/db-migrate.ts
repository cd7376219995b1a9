import { readBaseConfig } from '@suanxiang/platform/config';
import { ensureSecrets } from '@suanxiang/platform/secrets';
import { prepareDatabase } from './launch/prepare-database';
import { explain } from './launch/progress';
import { root } from './lib/root';

const help = `DATABASE_URL=postgresql://owner:...@host/db npm run db:migrate

Applies pending migrations as the owner, gives the application roles their passwords from the secrets file, and adds
missing regions, prices and legal entities. "npm run up" does the same by itself.
`;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  const config = readBaseConfig(process.env, root);
  const applied = await prepareDatabase(config, ensureSecrets(config.secretsFile));
  process.stdout.write(applied.length > 0 ? `Applied: ${applied.join(', ')}\n` : 'Nothing to apply.\n');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
