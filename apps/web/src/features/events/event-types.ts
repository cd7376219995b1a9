import { WORKLOAD_STATES } from '@suanxiang/domain/workload-state';

const WORK = [...WORKLOAD_STATES, 'interruption_noticed', 'created', 'updated'];
const PAYMENT_STATES = ['pending', 'requires_action', 'processing', 'succeeded', 'failed', 'canceled'];

/**
 * Kinds of things that events tell about, with what commonly happens to them, in groups for people who choose. Anything
 * else can be named as `kind.*` or by its whole type.
 */
export const EVENT_GROUPS = {
  compute: {
    instance: WORK,
    cluster: WORK,
    operation: ['pending', 'running', 'succeeded', 'failed'],
  },
  money: {
    billing: ['stage_changed', 'budget_reached', 'budget_forecast', 'cap_reached', 'idle_warned', 'idle_stopped'],
    invoice: ['final', 'void'],
    payment: PAYMENT_STATES,
    budget: ['created', 'updated', 'deleted'],
  },
  access: {
    member: ['created', 'updated', 'deleted', 'left'],
    invitation: ['created', 'accepted', 'revoked'],
    api_key: ['created', 'updated', 'rolled', 'deleted', 'leaked'],
    ssh_key: ['created', 'deleted'],
    impersonation: ['created', 'consent', 'ended'],
  },
  organization: {
    organization: ['updated', 'transferred', 'closed'],
    project: ['created'],
    quota_request: ['created', 'approved', 'denied', 'withdrawn'],
    webhook: ['created', 'updated', 'rolled', 'deleted', 'failed'],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>;

type Groups = typeof EVENT_GROUPS;
export type EventGroup = keyof Groups;
export type EventKind = { [G in EventGroup]: keyof Groups[G] }[EventGroup];

export const eventGroups = Object.keys(EVENT_GROUPS) as EventGroup[];
/** The kinds of a group, each with its types. */
export function kindsOf(group: EventGroup): { kind: EventKind; types: string[] }[] {
  return Object.entries(EVENT_GROUPS[group]).map(([kind, verbs]) => ({
    kind: kind as EventKind,
    types: (verbs as readonly string[]).map((verb) => `${kind}.${verb}`),
  }));
}

/**
 * A choice of types after one of a kind was switched: `kind.*` stands for all and takes the single ones in; taking one out of
 * all leaves the others.
 */
export function toggleType(chosen: readonly string[], kind: string, types: readonly string[], type: string): string[] {
  const all = `${kind}.*`;
  const others = chosen.filter((one) => !one.startsWith(`${kind}.`));
  const mine = chosen.filter((one) => one.startsWith(`${kind}.`));
  if (type === all) return mine.includes(all) ? others : [...others, all];
  if (mine.includes(all)) return [...others, ...types.filter((one) => one !== type)];
  return mine.includes(type) ? [...others, ...mine.filter((one) => one !== type)] : [...others, ...mine, type];
}
