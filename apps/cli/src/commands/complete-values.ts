import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@suanxiang/contract/client';
import { inLocale } from '@suanxiang/domain/locale';
import { LANGUAGES, loadConfig } from '../config-file';
import type { Context } from '../session';
import type { Candidate } from './completion';

/** How long a list of names may be used again. */
const FRESH_MS = 30_000;
/** A person at a prompt does not wait longer for names. */
const PATIENCE_S = 2;
const LIMIT = 100;

type Source = (client: Client, context: Context) => Promise<Candidate[]>;
interface Named {
  id: string;
  name: string;
  state?: string;
}

/** Names where names will do, with the id beside them. */
const byName = ({ items }: { items: readonly Named[] }): Candidate[] =>
  items.map(({ id, name, state }) => ({ value: name, description: state ? `${id} ${state}` : id }));
const byId = <T extends { id: string }>({ items }: { items: readonly T[] }, text: (item: T) => string): Candidate[] =>
  items.map((item) => ({ value: item.id, description: text(item) }));
const live = { live: 'true', limit: LIMIT } as const;
const page = { limit: LIMIT } as const;

const SOURCES = {
  instances: async (client) => byName(await client.call('listInstances', { query: live })),
  clusters: async (client) => byName(await client.call('listClusters', { query: live })),
  projects: async (client) => byId(await client.call('listProjects', { query: page }), (item) => item.name),
  sshKeys: async (client) => byId(await client.call('listSshKeys', { query: page }), (item) => item.name),
  apiKeys: async (client) => byId(await client.call('listApiKeys', { query: page }), (item) => item.name),
  webhooks: async (client) => byId(await client.call('listWebhooks', { query: page }), (item) => item.url),
  invoices: async (client) =>
    byId(await client.call('listInvoices', { query: page }), (item) => `${item.number ?? '-'} ${item.status}`),
  creditNotes: async (client) => byId(await client.call('listCreditNotes', { query: page }), (item) => item.number),
  members: async (client) => byId(await client.call('listMembers', { query: page }), (item) => item.email ?? ''),
  invitations: async (client) => byId(await client.call('listInvitations', { query: page }), (item) => item.email),
  operations: async (client) =>
    byId(await client.call('listOperations', { query: page }), (item) => `${item.kind} ${item.status}`),
  budgets: async (client) => byId(await client.call('listBudgets', {}), (item) => item.name),
  queue: async (client) =>
    (await client.call('listQueue', { query: page })).items.map((item) => ({
      value: item.resource_id,
      description: item.name,
    })),
  regions: async (client, { env }) =>
    byId(await client.call('listRegions', {}), (item) => inLocale(item.name, env.locale)),
  accelerators: async (client, { env }) =>
    byId(await client.call('listAccelerators', {}), (item) => inLocale(item.name, env.locale)),
  priorityClasses: async (client, { env }) =>
    byId(await client.call('listPriorityClasses', {}), (item) => inLocale(item.name, env.locale)),
  organizations: async (client) =>
    (await client.call('getMe', {})).organizations.map((item) => ({ value: item.slug, description: item.name })),
  organizationIds: async (client) =>
    byId({ items: (await client.call('getMe', {})).organizations }, (item) => item.name),
} satisfies Record<string, Source>;

type SourceName = keyof typeof SOURCES;

/** Which lists an argument or an option is completed from. */
const WANTED: Record<string, readonly SourceName[]> = {
  'instance-id': ['instances'],
  'cluster-id': ['clusters'],
  name: ['instances', 'clusters'],
  names: ['instances', 'clusters'],
  'project-id': ['projects'],
  '--project-id': ['projects'],
  'ssh-key-id': ['sshKeys'],
  '--ssh-key-ids': ['sshKeys'],
  'api-key-id': ['apiKeys'],
  'webhook-id': ['webhooks'],
  'invoice-id': ['invoices'],
  'credit-note-id': ['creditNotes'],
  'membership-id': ['members'],
  '--membership-id': ['members'],
  'invitation-id': ['invitations'],
  'operation-id': ['operations'],
  'budget-id': ['budgets'],
  'resource-id': ['queue'],
  'organization-id': ['organizationIds'],
  organization: ['organizations'],
  '--org': ['organizations'],
  '--region-id': ['regions'],
  '--accelerator-id': ['accelerators'],
  '--priority-class': ['priorityClasses'],
};

/** Values that no API is asked for. */
async function localValues(context: Pick<Context, 'env' | 'say'>, wanted: string): Promise<Candidate[] | null> {
  if (wanted === '--lang') return LANGUAGES.map((value) => ({ value }));
  if (wanted !== '--profile' && wanted !== 'profile') return null;
  const { profiles } = await loadConfig(context.env.configFile, context.say);
  return Object.entries(profiles).map(([value, profile]) => ({ value, description: profile.api_url ?? '' }));
}

/** Seconds within which the API must answer a completion. */
export const COMPLETION_TIMEOUT_S = PATIENCE_S;

/** File of one list of one principal; the name tells nothing of the credentials. */
function cacheFile({ env, apiUrl, options, profileName }: Context, name: SourceName): string {
  const identity = [apiUrl, env.apiKey ?? profileName, options.org ?? '', env.locale, name].join('\n');
  return join(env.cacheDir, `names-${createHash('sha256').update(identity).digest('hex').slice(0, 24)}.json`);
}

async function cached(context: Context, name: SourceName): Promise<Candidate[]> {
  const file = cacheFile(context, name);
  const nowMs = context.io.nowMs();
  try {
    const { atMs, candidates } = JSON.parse(await readFile(file, 'utf8')) as { atMs: number; candidates: Candidate[] };
    if (nowMs - atMs < FRESH_MS && nowMs >= atMs) return candidates;
  } catch {
    // No list yet, or one that cannot be read: asked for anew.
  }
  const source: Source = SOURCES[name];
  const isPublic = name === 'regions' || name === 'accelerators';
  const isOfUser = name === 'organizations' || name === 'organizationIds';
  const client = await context.client(isPublic ? 'public' : isOfUser ? 'user' : 'org');
  const candidates = await source(client, context);
  await mkdir(context.env.cacheDir, { recursive: true, mode: 0o700 });
  const partial = `${file}.${process.pid}.tmp`;
  await writeFile(partial, JSON.stringify({ atMs: nowMs, candidates }), { mode: 0o600 });
  await rename(partial, file);
  return candidates;
}

/**
 * Values for an argument or option, from the API within two seconds or from what it said within the last half minute. Nothing
 * at all when it cannot be asked: a prompt is no place for complaints.
 */
export async function valuesFor(open: () => Promise<Context>, wanted: string, prefix: string): Promise<Candidate[]> {
  try {
    const context = await open();
    const lists = await Promise.all((WANTED[wanted] ?? []).map((name) => cached(context, name)));
    const found = (await localValues(context, wanted)) ?? lists.flat();
    const head = prefix.slice(0, prefix.lastIndexOf(',') + 1);
    return found
      .map((candidate) => ({ ...candidate, value: head + candidate.value }))
      .filter((candidate) => candidate.value.startsWith(prefix));
  } catch {
    return [];
  }
}
