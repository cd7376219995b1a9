import { z } from 'zod';
import { idOf, timestamp } from './common';

/** Records that must agree, compared for the operator. */

export const reconciliationQuery = z.strictObject({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'a month like 2026-10')
    .describe('Closed periods that began in this month of their own time zone, such as 2026-10'),
  organization_id: idOf('organization').optional().describe('Default: all organizations'),
});

/** Most differences that one answer names. */
export const MOST_DIFFERENCES = 500;

const difference = z
  .object({
    code: z.string().describe('What differs, for example lease_without_evidence'),
    org_id: z.string().nullable().describe('null: it belongs to no organization'),
    period_from: timestamp.nullable(),
    subject_id: z.string().describe('The lease, invoice, credit note, journal or payment, or the id of the provider'),
    related: z.string().nullable().describe('A second id or a name: number, account, reference'),
    expected: z.string().nullable().describe('Seconds, or 10^-6 of the currency'),
    found: z.string().nullable(),
  })
  .meta({ id: 'ReconciliationDifference' });

export const reconciliation = z
  .object({
    periods: z.number().int().describe('Closed periods compared'),
    invoices: z.number().int(),
    payments: z.number().int(),
    differences: z.number().int().describe(`How many there are; items holds the first ${MOST_DIFFERENCES}`),
    items: z.array(difference),
  })
  .meta({ id: 'Reconciliation' });
