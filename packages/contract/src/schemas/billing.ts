import { z } from 'zod';
import {
  bilingual,
  countedPageQuery,
  currency,
  decimal,
  epochSeconds,
  idOf,
  money,
  pageQuery,
  timestamp,
} from './common';

export const usageQuery = z.strictObject({
  from: timestamp.optional().describe('Default: start of the present billing period'),
  to: timestamp.optional().describe('Default: now'),
  project_id: idOf('project').optional(),
});
export const usageRow = z
  .object({
    allocation_id: z.string(),
    workload_id: z.string(),
    workload_name: z.string(),
    kind: z.enum(['instance', 'cluster']),
    rank: z.number().int(),
    project_id: z.string(),
    sku: z.string(),
    accelerator_id: z.string(),
    gpus: z.number().int(),
    from_s: epochSeconds,
    to_s: epochSeconds.describe('End, or now while it runs'),
    running: z.boolean(),
    billed_seconds: z.number().int(),
    measured_seconds: z.number().int(),
    undelivered_seconds: z.number().int(),
    average_utilization_ppm: z.number().int().nullable(),
    amount: money,
  })
  .meta({ id: 'UsageRow' });
export const usageReport = z
  .object({
    from_s: epochSeconds,
    to_s: epochSeconds,
    currency,
    total: money,
    gpu_seconds: z.string(),
    rows: z.array(usageRow),
    days: z.array(
      z.object({ day: z.string().describe('Local date of the account'), amount: money, gpu_seconds: z.string() }),
    ),
  })
  .meta({ id: 'UsageReport' });

export const invoiceSegment = z.object({
  from_s: epochSeconds,
  to_s: epochSeconds,
  kind: z.enum(['usage', 'minimum']).describe('minimum: seconds added to reach the least billed time of a start'),
  gpus: z.string().describe('GPUs that cost, fraction'),
  price_per_gpu_hour: decimal,
  qty: z.string().describe('GPU x ppm x seconds, fraction'),
  exact_minor: z.string(),
  allocation_id: z.string().nullable().describe('Whose seconds they are, on a tiered line'),
  band: z.number().int().nullable().describe('Band of the tiers, counted from 0; null: no tiers'),
});
export const invoiceLine = z
  .object({
    key: z.string(),
    kind: z
      .enum(['usage', 'tiered', 'commitment', 'adjustment'])
      .describe(
        'tiered: all leases of a SKU at prices by quantity; commitment: what lacks to the least spend agreed on',
      ),
    description: bilingual,
    allocation_id: z.string().nullable(),
    workload_id: z.string().nullable(),
    project_id: z.string().nullable(),
    sku: z.string().nullable(),
    gpus: z.number().int(),
    from_s: epochSeconds,
    to_s: epochSeconds,
    billed_seconds: z.number().int(),
    measured_seconds: z.number().int(),
    undelivered_seconds: z.number().int(),
    minimum_seconds: z.number().int().describe('Added to reach the least billed time; not part of billed_seconds'),
    undelivered: z
      .array(z.object({ from_s: epochSeconds, to_s: epochSeconds, reason: z.string() }))
      .describe('Seconds of the lease that were not delivered and cost nothing'),
    qty: z.string(),
    exact_minor: z.string(),
    amount: money,
    segments: z.array(invoiceSegment),
    block_count: z.number().int(),
    blocks_digest: z.string(),
  })
  .meta({ id: 'InvoiceLine' });
export const party = z.object({ name: z.string(), address: z.string(), tax_id: z.string() });
export const invoiceSummary = z
  .object({
    id: z
      .string()
      .describe('inv_..., "draft" for the running period, or "closing-..." for one that has ended and is not final'),
    number: z.string().nullable(),
    status: z
      .enum(['draft', 'closing', 'final', 'void'])
      .describe('closing: the period has ended; usage that arrives late still counts until final_at'),
    period_from: timestamp,
    period_to: timestamp,
    time_zone: z.string(),
    total: money,
    due: money,
    issued_at: timestamp.nullable(),
    final_at: timestamp.nullable().describe('When a draft or closing invoice becomes final; null once issued'),
  })
  .meta({ id: 'InvoiceSummary' });
export const invoice = z
  .object({
    ...invoiceSummary.shape,
    from_s: epochSeconds,
    to_s: epochSeconds,
    subtotal: money,
    promotional: money.describe('Paid with promotional credit, before tax'),
    tax: money,
    tax_rate_ppm: z.number().int(),
    paid: money,
    credited: money.describe('Given back by credit notes since'),
    seller: party,
    buyer: party,
    digest: z.string().nullable(),
    engine_version: z.string(),
    lines: z.array(invoiceLine),
  })
  .meta({ id: 'Invoice' });
export const evidenceQuery = z.strictObject({ ...pageQuery, key: z.string().max(200).describe('Key of the line') });
export const evidenceBlock = z
  .object({
    allocation_id: z.string(),
    win_start_s: epochSeconds,
    rev: z.number().int(),
    measured: z.number().int(),
    average_ppm: z.number().int().nullable(),
    digest: z.string(),
    agent_id: z.string(),
    received_at: timestamp,
    values_ppm: z.array(z.number().int().nullable()).describe('The 60 one-second values; null = not measured'),
  })
  .meta({ id: 'EvidenceBlock' });
export const creditNotesQuery = z.strictObject({ ...countedPageQuery, invoice_id: idOf('invoice').optional() });
export const creditNoteSummary = z
  .object({
    id: z.string(),
    number: z.string(),
    invoice_id: z.string().describe('The invoice it corrects, which stays as it is'),
    invoice_number: z.string(),
    total: money.describe('Given back, tax included'),
    settled: money.describe('Of the total: what lowered the amount due of the invoice'),
    to_balance: money.describe('Of the total: what was added to the balance'),
    issued_at: timestamp,
  })
  .meta({ id: 'CreditNoteSummary' });
export const creditNoteLine = z
  .object({
    key: z.string().describe('Key of the corrected line'),
    description: bilingual,
    allocation_id: z.string().nullable(),
    amount: money,
  })
  .meta({ id: 'CreditNoteLine' });
export const creditNote = z
  .object({
    ...creditNoteSummary.shape,
    period_from: timestamp,
    period_to: timestamp,
    time_zone: z.string(),
    net: money,
    tax: money,
    tax_rate_ppm: z.number().int(),
    seller: party,
    buyer: party,
    digest: z.string(),
    lines: z.array(creditNoteLine),
  })
  .meta({ id: 'CreditNote' });
export const pdfQuery = z.strictObject({
  locale: z.enum(['en', 'zh-CN']).optional().describe("Default: the organisation's language"),
});

/** What an invoice was made of besides its usage blocks, in canonical form. */
const proofCutoff = z.object({
  batch_seq: z.string().describe('Last batch of usage that was read'),
  arrived_s: epochSeconds.describe('Usage that arrived later was not read'),
});
const noteProof = z.object({
  id: z.string().describe('Evidence of its lines: key credit_note:<id>:<key of the line>'),
  number: z.string(),
  digest: z.string().describe('The SHA-256 of document'),
  document: z.string().describe('What was sealed: canonical JSON'),
  correction: z
    .string()
    .describe('The period as it was rated again, canonical JSON; empty: the note gives back less than that'),
  cutoff: proofCutoff,
});
const handNoteProof = z.object({
  id: z.string(),
  number: z.string(),
  digest: z.string().describe('The SHA-256 of document'),
  document: z.string().describe('What was sealed: canonical JSON'),
});
export const invoiceProof = z
  .object({
    digest: z.string().describe('Of the invoice: the SHA-256 of document'),
    document: z.string().describe('What was sealed: canonical JSON'),
    prices: z.array(z.string()).describe('Price rows that were read, canonical JSON each'),
    terms: z.string().describe('Leases and their terms, canonical JSON'),
    cutoff: proofCutoff,
    previous_invoice_id: z.string().nullable().describe('The invoice whose digest this one seals'),
    is_void: z.boolean().describe('Whether the invoice was voided since'),
    corrections: z.array(z.string()).describe('Earlier periods that were rated again for it, canonical JSON each'),
    credit_notes: z.array(noteProof).describe('Credit notes over it that closings made, the oldest first'),
    hand_notes: z.array(handNoteProof).describe('Credit notes over it that operators made by hand, the oldest first'),
    evidence_from_s: epochSeconds.describe('Usage blocks of seconds before this one are no longer kept; 0: all are'),
    related_invoice_ids: z.array(z.string()).describe('Invoices that its corrections and credit notes build on'),
  })
  .meta({ id: 'InvoiceProof' });

export const exportQuery = z.strictObject({
  format: z.enum(['lines', 'focus']).default('lines').describe('focus: FinOps Open Cost and Usage Specification'),
});
export const idleQuery = z.strictObject({
  minutes: z.coerce.number().int().min(5).max(1440).default(30).describe('Idle in each of the last so many minutes'),
  threshold_percent: z.coerce.number().int().min(1).max(100).default(5).describe('Idle is less utilization than this'),
});
export const idleReport = z
  .object({
    burn_per_hour: money.describe('Of all of them together'),
    items: z.array(
      z.object({
        workload_id: z.string(),
        workload_name: z.string(),
        kind: z.enum(['instance', 'cluster']),
        project_id: z.string(),
        gpus: z.number().int(),
        average_utilization_ppm: z.number().int(),
        measured_seconds: z.number().int().describe('Of all its nodes; what was not measured is not taken as idle'),
        burn_per_hour: money,
        stops_at: timestamp.nullable().describe('When the policy of its project stops it if it stays idle'),
      }),
    ),
  })
  .meta({ id: 'IdleReport' });
export const idlePolicy = z
  .object({
    project_id: z.string(),
    enabled: z.boolean(),
    threshold_percent: z.number().nullable(),
    idle_minutes: z.number().int().nullable(),
    warn_minutes: z.number().int().nullable().describe('From the warning to the stop'),
  })
  .meta({ id: 'IdlePolicy' });
export const idlePolicyBody = z.strictObject({
  enabled: z.boolean(),
  threshold_percent: z.number().int().min(1).max(100).default(5),
  idle_minutes: z.number().int().min(5).max(1440).default(60),
  warn_minutes: z.number().int().min(1).max(1440).default(30),
});
export const costsQuery = z.strictObject({
  from: timestamp.optional().describe('Default: start of the present billing period'),
  to: timestamp.optional().describe('Default: now'),
  by: z
    .string()
    .regex(/^(project|workload|sku|day|creator|label:.{1,63})$/, 'project, workload, sku, day, creator or label:NAME')
    .default('project'),
});
export const costReport = z
  .object({
    from_s: epochSeconds,
    to_s: epochSeconds,
    by: z.string(),
    currency,
    total: money,
    groups: z.array(
      z.object({
        group: z.string().describe('Empty where there is none'),
        amount: money.describe('Rounded so that all groups add up to total'),
        exact_minor: z.string(),
        gpu_seconds: z.string(),
      }),
    ),
  })
  .meta({ id: 'CostReport' });
