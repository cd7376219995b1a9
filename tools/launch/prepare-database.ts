import { openDb } from '@suanxiang/db/client';
import { migrate } from '@suanxiang/db/migrate';
import { withSql } from '@suanxiang/db/tenant';
import { seedCatalogue } from '@suanxiang/metering/prices/seed-catalogue';
import { type BaseConfig, withSecrets } from '@suanxiang/platform/config';
import type { Secrets } from '@suanxiang/platform/secrets';
import { ownerUrl } from './services';

export { refreshStatistics } from '@suanxiang/db/migrate';

/**
 * Makes the database ready for the processes: migrations, passwords of the application roles, and what every
 * installation sells from (regions, prices, legal entities). Can run again. Returns the migrations just applied.
 */
export async function prepareDatabase(config: BaseConfig, secrets: Secrets): Promise<string[]> {
  const databaseUrl = ownerUrl(config, secrets);
  const applied = await migrate({ databaseUrl, rolePasswords: secrets.dbPasswords });
  const url = withSecrets(config, secrets).databaseUrls.app_worker;
  const db = openDb({ url, applicationName: 'suanxiang-prepare', poolSize: 1 });
  try {
    await withSql(db, seedCatalogue);
  } finally {
    await db.close();
  }
  return applied;
}
