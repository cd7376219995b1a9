import { z } from 'zod';
import { currency, decimal, idOf, money } from './common';

/** Something that could be had instead of what there is no capacity for. */
export const alternative = z
  .object({
    kind: z.enum(['region', 'accelerator', 'smaller']),
    region_id: z.string(),
    accelerator_id: z.string(),
    node_count: z.number().int(),
    gpus_per_node: z.number().int(),
    free: z.number().int().describe('Accelerators free there'),
    price_per_gpu_hour: decimal,
    currency,
  })
  .meta({ id: 'Alternative' });

/** What a create that costs would meet, all of it at once. */
export const verdict = z
  .object({
    able: z.boolean().describe('True when the same request without validate_only would be accepted now'),
    price: z.object({
      sku: z.string(),
      gpus: z.number().int().describe('Accelerators of all nodes'),
      price_per_gpu_hour: decimal,
      per_hour: money.describe('All of them for an hour'),
    }),
    quota: z.object({
      fits: z.boolean(),
      limits: z.array(
        z.object({
          metric: z.string(),
          project_id: idOf('project').nullable().describe('null: of the whole organization'),
          limit: z.number().int(),
          used: z.number().int(),
          requested: z.number().int(),
          fits: z.boolean(),
        }),
      ),
    }),
    funds: z.object({
      fits: z.boolean(),
      needed: money.describe('One hour of everything that would then run'),
      available: money.describe('Balance less unbilled usage, with the credit limit'),
      missing: money,
    }),
    spend_caps: z.object({
      fits: z.boolean(),
      caps: z.array(
        z.object({
          budget_id: idOf('budget'),
          amount: money,
          spent: money,
          reserve: money.describe('What must be left under it'),
          fits: z.boolean(),
        }),
      ),
    }),
    capacity: z.object({
      fits: z.boolean().describe('False and able: it would wait in the queue'),
      free: z.number().int().describe('Accelerators of the model that are free in the region'),
      largest_node: z.number().int().describe('Most of them on one node'),
      alternatives: z.array(alternative).describe('What could be had instead; empty when it fits'),
    }),
  })
  .meta({ id: 'Verdict' });
