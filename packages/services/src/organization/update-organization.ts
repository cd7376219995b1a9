import { type TaxIdFault, taxIdFault } from '@suanxiang/domain/tax-id';
import { authorise } from '../access/authorise';
import { changes } from '../access/changes';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import { requireOwnFactor } from '../access/step-up';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';
import { readOrganization } from './organization-answer';

const TAX_ID_FAULTS: Record<TaxIdFault, string> = {
  credit_code: 'Must be a unified social credit code of 18 characters; its check digit does not match.',
  vat_form: 'Must be a VAT number as this country writes it, with the letters before it, for example DE123456789.',
};

/** Throws `invalid` for a new tax id that cannot be one of the organisation's country. */
function checkTaxId(before: { country: string; tax_id: string }, taxId: string | undefined): void {
  if (taxId === undefined || taxId === before.tax_id) return;
  const fault = taxIdFault(before.country, taxId);
  if (fault) throw invalid('/body/tax_id', TAX_ID_FAULTS[fault], fault);
}

/** Changes what stands on future invoices, and the name. Issued invoices keep what they were issued with. */
export const updateOrganization: UseCase<'updateOrganization'> = (ctx, principal, meta, { body }) => {
  const changed = Object.keys(body);
  if (changed.length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  if (body.impersonation_consent !== undefined) authorise(principal, 'impersonation.modify');
  if (body.require_mfa !== undefined) requireOwnFactor(principal, meta.nowMs);
  return mutate(ctx, principal, meta, 'organization.modify', async (sql) => {
    await sql`SELECT id FROM organization WHERE id = ${principal.orgId} FOR UPDATE`;
    const before = await readOrganization(sql, principal.orgId);
    await requireMatch(meta, async () => before);
    checkTaxId(before, body.tax_id);
    await sql`
      UPDATE organization SET name = coalesce(${body.name ?? null}, name),
        legal_name = coalesce(${body.legal_name ?? null}, legal_name), address = coalesce(${body.address ?? null}, address),
        tax_id = coalesce(${body.tax_id ?? null}, tax_id),
        impersonation_consent = coalesce(${body.impersonation_consent ?? null}, impersonation_consent),
        require_mfa = coalesce(${body.require_mfa ?? null}, require_mfa), version = version + 1
      WHERE id = ${principal.orgId}`;
    const answer = await readOrganization(sql, principal.orgId);
    return { answer, resource: principal.orgId, detail: changes(before, body) };
  });
};
