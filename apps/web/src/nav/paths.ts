/** Every address of the console, spelled once. `o` is an organisation's slug, `p` a project's. */
export const paths = {
  home: '/',
  pricing: '/pricing',
  signUp: '/sign-up',
  signIn: '/sign-in',
  onboarding: '/onboarding',
  forgotPassword: '/forgot-password',
  accountSecurity: '/account/security',
  /** Sends a person to where they last worked. */
  console: '/console',
  organization: (o: string) => `/${o}`,
  overview: (o: string, p: string) => `/${o}/${p}`,
  instances: (o: string, p: string) => `/${o}/${p}/instances`,
  launch: (o: string, p: string) => `/${o}/${p}/instances/new`,
  instance: (o: string, p: string, id: string) => `/${o}/${p}/instances/${id}`,
  clusters: (o: string, p: string) => `/${o}/${p}/clusters`,
  newCluster: (o: string, p: string) => `/${o}/${p}/clusters/new`,
  cluster: (o: string, p: string, id: string) => `/${o}/${p}/clusters/${id}`,
  sshKeys: (o: string) => `/${o}/ssh-keys`,
  apiKeys: (o: string) => `/${o}/api-keys`,
  usage: (o: string) => `/${o}/usage`,
  costs: (o: string) => `/${o}/costs`,
  billing: (o: string) => `/${o}/billing`,
  budgets: (o: string) => `/${o}/budgets`,
  invoices: (o: string) => `/${o}/invoices`,
  invoice: (o: string, id: string) => `/${o}/invoices/${id}`,
  creditNotes: (o: string) => `/${o}/invoices/credit-notes`,
  creditNote: (o: string, id: string) => `/${o}/invoices/credit-notes/${id}`,
  queue: (o: string) => `/${o}/queue`,
  quotas: (o: string) => `/${o}/quotas`,
  auditLog: (o: string) => `/${o}/audit-log`,
  members: (o: string) => `/${o}/members`,
  settings: (o: string) => `/${o}/settings`,
  operatorSignIn: '/operator/sign-in',
  acceptInvitation: '/invitations/accept',
  operatorOrganizations: '/operator/organizations',
  operatorOrganization: (id: string) => `/operator/organizations/${id}`,
  operatorQuotaRequests: '/operator/quota-requests',
  operatorFapiao: '/operator/fapiao',
  operatorBilling: '/operator/billing',
  operatorRevenue: '/operator/billing/revenue',
  operatorPrices: '/operator/billing/prices',
  operatorPriceBook: (id: string) => `/operator/billing/prices/${id}`,
  operatorCredits: '/operator/billing/credits',
  operatorReconciliation: '/operator/billing/reconciliation',
  operatorFleet: '/operator',
  operatorOperations: '/operator/operations',
  operatorPayments: '/operator/payments',
  operatorQueue: '/operator/queue',
  operatorCapacity: '/operator/capacity',
  operatorMaintenance: '/operator/maintenance',
  operatorRules: '/operator/rules',
} as const;

/**
 * A path to continue at after sign-in, if it stays on this site; else the fallback. Browsers take tabs and line breaks out
 * of addresses and read `\` as `/`, so neither may stand in it.
 */
export function safeNext(next: string | undefined, fallback: string): string {
  return next && /^\/(?!\/)[^\\\s\p{Cc}]*$/u.test(next) ? next : fallback;
}
