import type { CallOutput } from '@suanxiang/contract/client';
import type { Route } from '@suanxiang/contract/route';
import { type OperationId, ROUTES } from '@suanxiang/contract/routes';
import type { MessageKey } from '../messages';
import { findWorkload, type WorkloadKind } from '../names';
import { LIVE_COLUMNS } from '../render/columns';
import { renderList } from '../render/render';
import type { Options } from '../request';
import type { Context } from '../session';
import { everyS, watch } from '../watch';

/** Short commands for what is done to an instance and to a cluster alike, with the operation for each. */
export const SHORTCUTS: readonly { word: string; says: MessageKey; of: Record<WorkloadKind, OperationId> }[] = [
  { word: 'show', says: 'show', of: { instance: 'getInstance', cluster: 'getCluster' } },
  { word: 'stop', says: 'stop', of: { instance: 'stopInstance', cluster: 'stopCluster' } },
  { word: 'start', says: 'start', of: { instance: 'startInstance', cluster: 'startCluster' } },
  { word: 'terminate', says: 'terminate', of: { instance: 'terminateInstance', cluster: 'terminateCluster' } },
];

export const LOGS: Record<WorkloadKind, OperationId> = { instance: 'getInstanceLogs', cluster: 'getClusterLogs' };

/** Route of an operation, with the types of any route. */
export function anyRoute(operationId: OperationId): Route {
  return ROUTES.find((route) => route.operationId === operationId) as Route;
}

/** The route of a shortcut for what is called so, and its id. */
export async function chooseRoute(
  context: Context,
  of: Record<WorkloadKind, OperationId>,
  name: string,
): Promise<{ route: Route; id: string }> {
  const { kind, id } = await findWorkload(await context.client('org'), name, context.say);
  return { route: anyRoute(of[kind]), id };
}

type Instance = CallOutput<'listInstances'>['items'][number];
type Cluster = CallOutput<'listClusters'>['items'][number];

/** One row for both kinds; `gpus` counts those of all nodes. */
function rowOf(item: Instance | Cluster) {
  return 'gpus' in item ? item : { ...item, gpus: item.node_count * item.gpus_per_node };
}

const PAGE = 100;

/** `suan ls`: instances and clusters in one table, newest first; only what lives unless `--all` is given. */
export async function listWorkloads(context: Context, options: Options): Promise<void> {
  const { io, say, env, projectId } = context;
  const client = await context.client('org');
  const project = typeof options.projectId === 'string' ? options.projectId : projectId;
  const query = {
    limit: PAGE,
    ...(options.all ? {} : { live: 'true' as const }),
    ...(project ? { project_id: project } : {}),
    ...(typeof options.q === 'string' ? { q: options.q } : {}),
  };
  const pages = async <T>(fetchPage: (cursor: object) => Promise<{ items: T[]; next_cursor: string | null }>) => {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: T[]; next_cursor: string | null } = await fetchPage(cursor ? { cursor } : {});
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return items;
  };
  const read = async () => {
    const instances = await pages((cursor) => client.call('listInstances', { query: { ...query, ...cursor } }));
    const clusters = await pages((cursor) => client.call('listClusters', { query: { ...query, ...cursor } }));
    const items = [...instances, ...clusters].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    return { items };
  };
  const render = (answer: unknown) => {
    const { items } = answer as Awaited<ReturnType<typeof read>>;
    return renderList(LIVE_COLUMNS, items.map(rowOf), {
      locale: env.locale,
      say,
      columns: io.columns,
      color: env.color,
    });
  };
  if (options.watch) return watch(context, { read, render, everyS: everyS(options, context), hasEvents: true });
  const answer = await read();
  io.out(context.options.json ? `${JSON.stringify(answer, null, 2)}\n` : render(answer));
}
