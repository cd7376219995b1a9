import { isSocialCreditCode } from '@suanxiang/domain/tax-id';
import { z } from 'zod';
import { countedPageQuery, idOf, money, timestamp } from './common';

const line = (most: number) => z.string().trim().max(most);

/** What a fapiao says about its buyer; names follow the fields of the tax authority. */
const buyer = {
  kind: z.enum(['ordinary', 'special']).describe('special: the buyer deducts the tax'),
  buyer_title: line(100).min(1).describe('Name of the buyer as registered'),
  tax_id: z
    .string()
    .trim()
    .toUpperCase()
    .max(18)
    .refine(isSocialCreditCode, 'must be a unified social credit code with its check digit')
    .describe('Unified social credit code'),
  address: line(200).default(''),
  phone: line(40).default(''),
  bank_name: line(100).default(''),
  bank_account: line(40).default(''),
  email: z.email().max(254).describe('Where the fapiao is sent'),
};
export const createFapiaoBody = z.strictObject(buyer);

export const fapiaoRequest = z
  .object({
    id: idOf('fapiaoRequest'),
    invoice_id: idOf('invoice'),
    invoice_number: z.string(),
    amount: money.describe('What was paid on the invoice and is on no other fapiao; tax included'),
    kind: z.enum(['ordinary', 'special']),
    buyer_title: z.string(),
    tax_id: z.string(),
    address: z.string(),
    phone: z.string(),
    bank_name: z.string(),
    bank_account: z.string(),
    email: z.string(),
    status: z.enum(['requested', 'issued', 'rejected']),
    fapiao_number: z.string().nullable(),
    reason: z.string().nullable().describe('Why it was rejected'),
    requested_by: z.string(),
    created_at: timestamp,
    decided_at: timestamp.nullable(),
  })
  .meta({ id: 'FapiaoRequest' });
export const fapiaoQuery = z.strictObject({ ...countedPageQuery, invoice_id: idOf('invoice').optional() });

export const operatorFapiaoRequest = fapiaoRequest
  .extend({ org_id: idOf('organization'), organization_name: z.string(), decided_by: z.string().nullable() })
  .meta({ id: 'OperatorFapiaoRequest' });
export const operatorFapiaoQuery = z.strictObject({ status: z.enum(['open', 'decided']).default('open') });
export const issueFapiaoBody = z.strictObject({
  fapiao_number: z
    .string()
    .regex(/^\d{8,20}$/, '8 to 20 digits')
    .describe('As the tax authority gave it'),
});
export const rejectFapiaoBody = z.strictObject({ reason: z.string().trim().min(1).max(1000) });
