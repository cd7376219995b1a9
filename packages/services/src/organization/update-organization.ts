import { authorise } from '../access/authorise';
import { changes } from '../access/changes';
import { requireMatch } from '../access/etag';
import { mutate } from '../access/mutate';
import { requireOwnFactor } from '../access/step-up';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';
import { readOrganization } from './organization-answer';

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
