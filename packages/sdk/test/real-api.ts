import { type FaultyProxy, startFaultyProxy } from '@suanxiang/testing/faulty-proxy';
import { type Api, openApi } from '../../../apps/api/test/support/api';
import { addKey, addTenant, sshPublicKey, type Tenant } from '../../../apps/api/test/support/tenant';
import { addNode } from '../../services/test/support/fleet';

/** The API on a port, behind a proxy that breaks what it is told to, with a sandbox organization that has money. */
export interface RealApi {
  api: Api;
  proxy: FaultyProxy;
  tenant: Tenant;
  apiKey: string;
  /** Something that is told as an event. */
  addSshKey(name: string): Promise<void>;
  /** From now on launches of instances with such a name (LIKE) succeed a second after they were asked for. */
  finishLaunches(nameLike: string): void;
  close(): Promise<void>;
}

export async function openRealApi(): Promise<RealApi> {
  const api = await openApi();
  const proxy = await startFaultyProxy(await api.app.listen({ host: '127.0.0.1', port: 0 }));
  for (const id of ['n1', 'n2']) await addNode(api.plane.sql, id);
  const tenant = await addTenant(api);
  await api.call('createTopUp', { body: { amount: '500.00' } }, tenant.owner);
  let keys = 0;
  const timers: NodeJS.Timeout[] = [];
  // As the worker would end them, once somebody may have looked.
  const finish = async (nameLike: string) => {
    await api.plane.sql`
      UPDATE operation SET status = 'succeeded', finished_at = now()
      WHERE workload_id IN (SELECT id FROM workload WHERE name LIKE ${nameLike})
        AND status NOT IN ('succeeded', 'failed', 'superseded') AND created_at < now() - interval '1 second'`;
  };
  return {
    api,
    proxy,
    tenant,
    apiKey: await addKey(api, tenant, ['all:write']),
    async addSshKey(name) {
      keys += 1;
      await api.call('createSshKey', { body: { name, public_key: sshPublicKey(100 + keys) } }, tenant.owner);
    },
    finishLaunches(nameLike) {
      timers.push(setInterval(() => void finish(nameLike).catch(() => {}), 300));
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await proxy.close();
      await api.close();
    },
  };
}
