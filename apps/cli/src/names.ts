import type { Client } from '@suanxiang/contract/client';
import { isId } from '@suanxiang/domain/ids';
import { WORKLOAD_STATE_FACTS } from '@suanxiang/domain/workload-state';
import { UsageError } from './exit-codes';
import type { Say } from './messages';

/**
 * Id for a positional that may be a workload's name: of equal names the one that still lives, else the newest. Everything
 * else is passed through unchanged. Throws UsageError when nothing has that name.
 */
export async function idOfName(client: Client, param: string, text: string, say: Say): Promise<string> {
  const kind = param === 'instance_id' ? 'instance' : param === 'cluster_id' ? 'cluster' : null;
  if (!kind || isId(kind === 'instance' ? 'workloadInstance' : 'workloadCluster', text)) return text;
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  const query = { q: text, limit: 100 };
  const { items } =
    kind === 'instance' ? await client.call('listInstances', { query }) : await client.call('listClusters', { query });
  const named = items.filter((item) => item.name === text);
  const found = named.find((item) => !WORKLOAD_STATE_FACTS[item.state].terminal) ?? named[0];
  if (!found) throw new UsageError(say('noSuchName', { kind, name: text }));
  return found.id;
}
