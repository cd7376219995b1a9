import type { CallOutput, Client } from '@suanxiang/contract/client';
import { isId } from '@suanxiang/domain/ids';
import { WORKLOAD_STATE_FACTS } from '@suanxiang/domain/workload-state';
import { EXIT, UsageError } from './exit-codes';
import type { Say } from './messages';

export type WorkloadKind = 'instance' | 'cluster';
export type Instance = CallOutput<'getInstance'>;
export type Cluster = CallOutput<'getCluster'>;

const MACHINE_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The kind of workload that an id names; null for what is no such id. */
export function kindOfId(text: string): WorkloadKind | null {
  if (isId('workloadInstance', text)) return 'instance';
  return isId('workloadCluster', text) ? 'cluster' : null;
}

async function named(client: Client, kind: WorkloadKind, name: string): Promise<(Instance | Cluster)[]> {
  const query = { q: name, limit: 100 };
  const { items } =
    kind === 'instance' ? await client.call('listInstances', { query }) : await client.call('listClusters', { query });
  return (items as (Instance | Cluster)[]).filter((item) => item.name === name);
}

/** Of equal names the one that still lives, else the newest. Throws UsageError when none, or several, live. */
function theOne(found: (Instance | Cluster)[], name: string, none: string, say: Say): Instance | Cluster {
  const living = found.filter((item) => !WORKLOAD_STATE_FACTS[item.state].terminal);
  if (living.length > 1) {
    const ids = living.map((item) => item.id).join(', ');
    throw new UsageError(say('nameOfMany', { name, ids }), EXIT.conflict);
  }
  const one = living[0] ?? found[0];
  if (!one) throw new UsageError(none, EXIT.not_found);
  return one;
}

/**
 * Id for a positional that may be a workload's name. Everything else is passed through unchanged. Throws UsageError when
 * nothing, or more than one that lives, has that name.
 */
export async function idOfName(client: Client, param: string, text: string, say: Say): Promise<string> {
  const kind = param === 'instance_id' ? 'instance' : param === 'cluster_id' ? 'cluster' : null;
  if (!kind || kindOfId(text) || !MACHINE_NAME.test(text)) return text;
  const none = say(kind === 'instance' ? 'noSuchInstance' : 'noSuchCluster', { name: text });
  return theOne(await named(client, kind, text), text, none, say).id;
}

/** An instance or a cluster by id or name. Throws UsageError when nothing, or more than one that lives, is called so. */
export async function findWorkload(
  client: Client,
  text: string,
  say: Say,
): Promise<{ kind: WorkloadKind; id: string }> {
  const kind = kindOfId(text);
  if (kind) return { kind, id: text };
  const none = say('noSuchWorkload', { name: text });
  if (!MACHINE_NAME.test(text)) throw new UsageError(none, EXIT.not_found);
  const found = [...(await named(client, 'instance', text)), ...(await named(client, 'cluster', text))];
  const { id } = theOne(found, text, none, say);
  return { kind: kindOfId(id)!, id };
}
