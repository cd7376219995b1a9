import { LOCALES } from '@suanxiang/domain/locale';
import { z } from 'zod';
import { bilingual, currency, decimal, idOf, timestamp } from './common';

export const region = z
  .object({
    id: z.string(),
    name: bilingual,
    zones: z.array(z.object({ id: z.string() })),
  })
  .meta({ id: 'Region' });

export const accelerator = z
  .object({
    id: z.string(),
    vendor: z.string(),
    vendor_class: z.string(),
    name: bilingual,
    memory_gib: z.number(),
    memory_bandwidth_gb_s: z.number().nullable(),
    bf16_tflops: z.number().nullable(),
    interconnect: z.string().nullable(),
    interconnect_gb_s: z.number().nullable(),
    power_w: z.number().nullable(),
  })
  .meta({ id: 'Accelerator' });

export const stock = z.object({
  total: z.number().int().describe('Accelerators of this model in this region'),
  free: z.number().int(),
  largest_instance: z.number().int().describe('Most accelerators free on one node, 0 to 8'),
  free_nodes: z.number().int().describe('Nodes with all their accelerators free'),
});

export const offer = z
  .object({
    sku: z.string(),
    accelerator,
    region_id: z.string(),
    price_per_gpu_hour: decimal.describe('Exact decimal in the currency'),
    price_per_gpu_second: decimal.describe('Rounded to 8 places for display; billing is exact'),
    currency,
    stock,
  })
  .meta({ id: 'Offer' });
export const offersQuery = z.strictObject({
  region_id: z.string().max(64).optional(),
  accelerator_id: z.string().max(64).optional(),
  currency: z.enum(['CNY', 'USD']).default('USD'),
});
export type Offer = z.infer<typeof offer>;

// ---- operator plane
export const operatorSignInBody = z.strictObject({ email: z.email().max(254), password: z.string().max(200) });
export const operatorSession = z.object({
  token: z.string(),
  expires_at: timestamp,
  operator: z.object({ id: z.string(), email: z.string(), name: z.string() }),
});

export const fleetZone = z
  .object({
    id: z.string(),
    region_id: z.string(),
    driver: z.string(),
    nodes: z.number().int(),
    nodes_lost: z.number().int(),
    models: z.array(
      z.object({ model_id: z.string(), devices: z.number().int(), held: z.number().int(), failed: z.number().int() }),
    ),
  })
  .meta({ id: 'FleetZone' });
export const fleetNode = z
  .object({
    id: z.string(),
    name: z.string(),
    zone_id: z.string(),
    spine: z.string(),
    leaf: z.string(),
    rack: z.string(),
    health: z.string(),
    schedulable: z.boolean(),
    cordoned_at: timestamp.nullable(),
    cordon_reason: z.string().nullable(),
    devices: z.array(
      z.object({
        id: z.string(),
        index: z.number().int(),
        model_id: z.string(),
        health: z.string(),
        vendor_code: z.string().nullable(),
        held_by: z.string().nullable(),
        quarantined_at: timestamp.nullable(),
      }),
    ),
  })
  .meta({ id: 'FleetNode' });
export const operatorOperation = z
  .object({
    id: z.string(),
    org_id: z.string(),
    workload_id: z.string(),
    kind: z.string(),
    status: z.string(),
    step: z.string(),
    attempt: z.number().int(),
    created_at: timestamp,
    deadline_at: timestamp,
    overdue: z.boolean(),
  })
  .meta({ id: 'OperatorOperation' });
export const operatorPayment = z
  .object({
    id: z.string(),
    org_id: z.string(),
    org_name: z.string(),
    amount: decimal,
    currency,
    reference: z.string(),
    status: z.string(),
    created_at: timestamp,
  })
  .meta({ id: 'OperatorPayment' });

export const operatorMail = z
  .object({
    id: idOf('mail'),
    to: z.string(),
    template: z.string(),
    locale: z.enum(LOCALES),
    status: z.enum(['pending', 'sent', 'kept', 'failed']).describe('kept: there is no mail server'),
    attempts: z.number().int(),
    last_error: z.string().nullable(),
    created_at: timestamp,
    done_at: timestamp.nullable(),
    subject: z.string().nullable().describe('Of mails that are kept'),
    text: z.string().nullable().describe('Of mails that are kept: what was or will be sent is for its receiver alone'),
    html: z.string().nullable().describe('Of mails that are kept'),
  })
  .meta({ id: 'OperatorMail' });
