/** What operators may do, by their job; nothing else decides it. Customers' permissions stand in permissions.ts. */
export const OPERATOR_PERMISSIONS = [
  'fleet.read',
  'fleet.modify',
  'operation.read',
  'queue.read',
  'queue.modify',
  'organization.read',
  'payment.read',
  'payment.modify',
  'credit.modify',
  'invoice.modify',
  'billing.read',
  'billing.modify',
  'price.read',
  'price.modify',
  'quota.read',
  'quota.modify',
  'impersonation.read',
  'impersonation.create',
  'impersonation.delete',
  'audit.read',
  'mail.read',
  'mail.modify',
] as const;
export type OperatorPermission = (typeof OPERATOR_PERMISSIONS)[number];

export const OPERATOR_JOBS = ['support', 'billing_ops', 'infra_ops', 'security'] as const;
export type OperatorJob = (typeof OPERATOR_JOBS)[number];

export const JOB_PERMISSIONS: Record<OperatorJob, ReadonlySet<OperatorPermission>> = {
  support: new Set<OperatorPermission>([
    'fleet.read',
    'operation.read',
    'queue.read',
    'organization.read',
    'payment.read',
    'quota.read',
    'quota.modify',
    'impersonation.read',
    'impersonation.create',
    'impersonation.delete',
  ]),
  billing_ops: new Set<OperatorPermission>([
    'operation.read',
    'organization.read',
    'payment.read',
    'payment.modify',
    'credit.modify',
    'invoice.modify',
    'billing.read',
    'billing.modify',
    'price.read',
    'price.modify',
    'quota.read',
    'quota.modify',
  ]),
  infra_ops: new Set<OperatorPermission>([
    'fleet.read',
    'fleet.modify',
    'operation.read',
    'queue.read',
    'queue.modify',
    'quota.read',
    'mail.read',
    'mail.modify',
  ]),
  // Looks at everything, changes nothing, and can end what others do as customers.
  security: new Set<OperatorPermission>([
    ...OPERATOR_PERMISSIONS.filter((permission) => permission.endsWith('.read')),
    'impersonation.delete',
  ]),
};

/** Union of what somebody's jobs allow. Unknown jobs allow nothing. */
export function permissionsOfJobs(jobs: readonly string[]): ReadonlySet<OperatorPermission> {
  const known = OPERATOR_JOBS.filter((job) => jobs.includes(job));
  return new Set(known.flatMap((job) => [...JOB_PERMISSIONS[job]]));
}
