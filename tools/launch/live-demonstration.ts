import { type Client, createClient } from '@suanxiang/contract/client';
import type { Credentials } from './seed';

interface LiveWorkload {
  /** Whose API key asks for it: the slug of an organisation of the demonstration. */
  org: string;
  project: string;
  name: string;
  region: string;
  accelerator: string;
  /** More than one: a cluster of nodes with 8 accelerators each. */
  nodes?: number;
  gpus?: 1 | 2 | 4 | 8;
  image: string;
  labels?: Record<string, string>;
}

const PYTORCH = 'suanxiang/pytorch:2.9';
const VLLM = 'suanxiang/vllm:0.12';

/**
 * What runs when somebody opens the console for the first time. The sandbox takes most of two small pools, so that one region
 * is nearly full: stock bars, refusals and alternatives can be seen at once.
 */
const LIVE: readonly LiveWorkload[] = [
  {
    org: 'xinghe',
    project: 'pretrain',
    name: 'xh-moe-ascend-r2',
    region: 'cn-north',
    accelerator: 'ascend-910b3-64g',
    nodes: 2,
    image: PYTORCH,
    labels: { team: 'pretrain', run: 'moe-16b' },
  },
  {
    org: 'xinghe',
    project: 'serving',
    name: 'chat-serving-live',
    region: 'cn-north',
    accelerator: 'nvidia-h20-96g',
    gpus: 2,
    image: VLLM,
    labels: { team: 'serving' },
  },
  {
    org: 'xinghe',
    project: 'pretrain',
    name: 'eval-live',
    region: 'cn-north',
    accelerator: 'kunlunxin-p800-96g',
    gpus: 1,
    image: PYTORCH,
  },
  {
    org: 'xinghe',
    project: 'lab',
    name: 'mlu590-port',
    region: 'cn-north',
    accelerator: 'cambricon-mlu590-80g',
    gpus: 4,
    image: PYTORCH,
  },
  {
    org: 'northwind-sandbox',
    project: 'perception',
    name: 'load-test-h200',
    region: 'ap-southeast',
    accelerator: 'nvidia-h200-141g',
    nodes: 11,
    image: PYTORCH,
  },
  {
    org: 'northwind-sandbox',
    project: 'simulation',
    name: 'sim-sweep',
    region: 'ap-southeast',
    accelerator: 'nvidia-l40s-48g',
    nodes: 6,
    image: PYTORCH,
  },
];

async function launchOne(client: Client, one: LiveWorkload, sshKeyIds: string[], projectId: string): Promise<void> {
  const common = {
    project_id: projectId,
    name: one.name,
    region_id: one.region,
    accelerator_id: one.accelerator,
    image: one.image,
    ssh_key_ids: sshKeyIds,
    labels: one.labels ?? {},
  };
  // The same key each time: what an interrupted first start had already asked for is not asked for twice.
  const idempotencyKey = `demonstration-${one.name}`;
  if (one.nodes) {
    await client.call('createCluster', {
      body: { ...common, node_count: one.nodes, gpus_per_node: 8 },
      idempotencyKey,
    });
  } else {
    await client.call('createInstance', { body: { ...common, gpus: one.gpus ?? 1 }, idempotencyKey });
  }
}

/**
 * Launches the demonstration's running workloads through the public API, as their owners would. Returns a line for each that
 * could not be launched; that keeps nobody from using the product.
 */
export async function launchDemonstration(apiUrl: string, credentials: Credentials): Promise<string[]> {
  const troubles: string[] = [];
  for (const org of new Set(LIVE.map((one) => one.org))) {
    const key = credentials.apiKeys.find((one) => one.org === org)?.key;
    if (!key) continue;
    const client = createClient({ baseUrl: apiUrl, token: () => key });
    const [keys, projects] = await Promise.all([client.call('listSshKeys', {}), client.call('listProjects', {})]);
    const sshKeyIds = keys.items.slice(0, 1).map(({ id }) => id);
    for (const one of LIVE.filter((live) => live.org === org)) {
      const project = projects.items.find(({ slug }) => slug === one.project) ?? projects.items[0]!;
      try {
        await launchOne(client, one, sshKeyIds, project.id);
      } catch (error) {
        troubles.push(`${one.name}: ${(error as Error).message}`);
      }
    }
  }
  return troubles;
}
