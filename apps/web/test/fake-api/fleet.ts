import type { CallOutput } from '@suanxiang/contract/client';
import { mintId } from '@suanxiang/domain/ids';
import { hex } from './billing';
import { offers, REGIONS } from './catalogue';
import { organization, payments as tenantPayments } from './state';
import { iso } from './workloads';

type Zone = CallOutput<'operatorFleet'>['zones'][number];
type Node = CallOutput<'operatorNodes'>['items'][number];

export function zones(): Zone[] {
  return REGIONS.flatMap((region) =>
    region.zones.map(({ id }) => ({
      id,
      region_id: region.id,
      driver: 'simulated',
      nodes: nodes(id).length,
      nodes_lost: id === 'cn-north-b' ? 1 : 0,
      models: offers('CNY')
        .filter((offer) => offer.region_id === region.id)
        .map((offer) => {
          const devices = Math.floor(offer.stock.total / region.zones.length);
          return {
            model_id: offer.accelerator.id,
            devices,
            held: devices - Math.floor(offer.stock.free / region.zones.length),
            failed: id === 'cn-north-b' ? 1 : 0,
          };
        }),
    })),
  );
}

export function nodes(zoneId: string): Node[] {
  const region = REGIONS.find((candidate) => candidate.zones.some(({ id }) => id === zoneId));
  if (!region) return [];
  const models = offers('CNY').filter((offer) => offer.region_id === region.id);
  return models.flatMap((offer, group) =>
    Array.from({ length: Math.ceil(offer.stock.total / 8 / region.zones.length) }, (_, index) => {
      const number = group * 40 + index;
      return {
        id: `node_${zoneId}_${number}`,
        name: `${zoneId}-n${String(number).padStart(4, '0')}`,
        zone_id: zoneId,
        spine: `spine-${1 + (group % 2)}`,
        leaf: `leaf-${1 + group * 2 + Math.floor(index / 8)}`,
        rack: `rack-${1 + group * 4 + Math.floor(index / 4)}`,
        health: number % 53 === 17 ? 'lost' : 'ok',
        schedulable: number % 41 !== 5,
        cordoned_at: null,
        cordon_reason: null,
        devices: Array.from({ length: 8 }, (_, device) => ({
          id: `dev_${zoneId}_${number}_${device}`,
          index: device,
          model_id: offer.accelerator.id,
          health: (number * 8 + device) % 131 === 3 ? 'failed' : 'ok',
          vendor_code: (number * 8 + device) % 131 === 3 ? 'XID 79' : null,
          quarantined_at: null,
          held_by: (number * 7 + device * 3) % 10 < 6 ? mintId('allocation', Date.now()) : null,
        })),
      };
    }),
  );
}

export function operations(): CallOutput<'operatorOperations'>['items'] {
  return [0, 1, 2].map((index) => ({
    id: mintId('operation', Date.now() - index * 1000),
    org_id: organization.id,
    workload_id: mintId('workloadInstance', Date.now()),
    kind: ['launch', 'stop', 'terminate'][index] ?? 'launch',
    status: 'running',
    step: ['boot', 'shut_down', 'release'][index] ?? 'boot',
    attempt: index,
    created_at: iso(Date.now() - (index === 2 ? 26 : index + 1) * 60_000),
    deadline_at: iso(Date.now() + (index === 2 ? -11 : 14) * 60_000),
    overdue: index === 2,
  }));
}

export function payments(): CallOutput<'operatorPayments'>['items'] {
  return tenantPayments
    .filter((payment) => payment.status === 'pending')
    .map((payment) => ({
      id: payment.id,
      org_id: organization.id,
      org_name: organization.name,
      amount: payment.amount.amount,
      currency: payment.amount.currency,
      reference: payment.reference,
      status: payment.status,
      created_at: payment.created_at,
    }));
}

export function confirm(id: string): CallOutput<'operatorConfirmPayment'> {
  const before = payments().find((payment) => payment.id === id);
  const payment = tenantPayments.find((candidate) => candidate.id === id);
  if (!before || !payment) throw new Error('no such payment');
  payment.status = 'succeeded';
  return { ...before, status: 'succeeded' };
}

export function auditEvents(): CallOutput<'listAuditEvents'>['items'] {
  const actions = [
    'instance.create',
    'ssh_key.create',
    'instance.stop',
    'api_key.create',
    'top_up.create',
    'instance.terminate',
  ];
  return Array.from({ length: 34 }, (_, index) => ({
    id: mintId('auditEvent', Date.now() - index * 3_600_000),
    at: iso(Date.now() - index * 3_600_000),
    actor: index % 3 === 0 ? 'key:ci-pipeline' : 'user:lin@lantu.example',
    impersonator: null,
    auth_method: index % 3 === 0 ? 'api_key' : 'password',
    action: actions[index % actions.length] ?? 'instance.create',
    resource: mintId('workloadInstance', Date.now()),
    result: index === 4 ? ('denied' as const) : ('success' as const),
    detail: { name: 'llama-finetune-01' },
    request_id: mintId('request', Date.now() - index * 1000),
    seq: 34 - index,
    ip: '203.0.113.9',
    prev_hash: '',
    hash: hex(String(index)),
  }));
}

export function logLines(): CallOutput<'getInstanceLogs'>['lines'] {
  return Array.from({ length: 40 }, (_, index) => ({
    at: iso(Date.now() - (40 - index) * 1000),
    text:
      index < 4
        ? `[boot] stage ${index + 1}/4 done`
        : `step ${index * 10}  loss ${(2.4 - index * 0.02).toFixed(3)}  tok/s 18,2${index % 10}0`,
  }));
}
