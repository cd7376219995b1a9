// Generated from packages/contract by `npm run docs:generate`. Money is an exact decimal string, times are RFC 3339.
import type { Operation as Row } from '../operation';
import type { CallOptions, Listing, StreamOptions } from '../types';

export const API_VERSION = '2026-11-01';

/** Stable codes of problems; newer servers may answer others. */
export type ErrorCode =
  | 'invalid_request'
  | 'invalid_cursor'
  | 'idempotency_key_required'
  | 'authorization_pending'
  | 'slow_down'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'second_factor_required'
  | 'payment_required'
  | 'spend_cap_reached'
  | 'permission_denied'
  | 'email_not_verified'
  | 'address_not_allowed'
  | 'quota_exceeded'
  | 'origin_not_allowed'
  | 'mfa_required'
  | 'reauthentication_required'
  | 'proof_refused'
  | 'device_denied'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'conflict'
  | 'name_taken'
  | 'capacity_unavailable'
  | 'idempotency_in_flight'
  | 'test_clock_busy'
  | 'gone'
  | 'link_expired'
  | 'precondition_failed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'expectation_failed'
  | 'idempotency_key_reused'
  | 'unprocessable'
  | 'rate_limited'
  | 'headers_too_large'
  | 'internal'
  | 'unavailable';

export interface Bilingual {
  en: string;
  zh: string;
}

export interface RegionZone {
  id: string;
}

export interface Region {
  id: string;
  name: Bilingual;
  zones: Array<RegionZone>;
}

export interface ListRegionsResult {
  items: Array<Region>;
}

export interface Accelerator {
  id: string;
  vendor: string;
  vendor_class: string;
  name: Bilingual;
  memory_gib: number;
  memory_bandwidth_gb_s: number | null;
  bf16_tflops: number | null;
  interconnect: string | null;
  interconnect_gb_s: number | null;
  power_w: number | null;
}

export interface ListAcceleratorsResult {
  items: Array<Accelerator>;
}

export interface OfferStock {
  /** Accelerators of this model in this region */
  total: number;
  free: number;
  /** Most accelerators free on one node, 0 to 8 */
  largest_instance: number;
  /** Nodes with all their accelerators free */
  free_nodes: number;
}

export interface Offer {
  sku: string;
  accelerator: Accelerator;
  region_id: string;
  /** Exact decimal in the currency */
  price_per_gpu_hour: string;
  /** Rounded to 8 places for display; billing is exact */
  price_per_gpu_second: string;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  stock: OfferStock;
}

export interface ListOffersResult {
  items: Array<Offer>;
}

export interface SessionUser {
  id: string;
  email: string;
  name: string;
  locale: 'en' | 'zh-CN';
}

export interface Session {
  /** Send as Authorization: Bearer <token> */
  token: string;
  /** RFC 3339, UTC */
  expires_at: string;
  user: SessionUser;
}

export interface MeImpersonation {
  id: string;
  operator_name: string;
  ticket: string;
  /** RFC 3339, UTC */
  expires_at: string;
}

export interface MeOrganizationProjectRole {
  project_id: string;
  role: 'admin' | 'operator' | 'viewer';
}

export interface MeOrganization {
  id: string;
  slug: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  role: 'owner' | 'admin' | 'billing' | 'auditor' | 'member' | null;
  /** Members without a second factor may not act in it */
  require_mfa: boolean;
  /** Of the role or the scopes, and of roles in projects */
  permissions: Array<'organization.read' | 'organization.modify' | 'organization.delete' | 'project.read' | 'project.create' | 'member.read' | 'member.create' | 'member.modify' | 'member.delete' | 'project_member.read' | 'project_member.modify' | 'ssh_key.read' | 'ssh_key.create' | 'ssh_key.delete' | 'api_key.read' | 'api_key.create' | 'api_key.modify' | 'api_key.delete' | 'instance.read' | 'instance.create' | 'instance.modify' | 'instance.delete' | 'instance.connect' | 'cluster.read' | 'cluster.create' | 'cluster.modify' | 'cluster.delete' | 'cluster.connect' | 'usage.read' | 'billing.read' | 'billing.modify' | 'quota.read' | 'quota.modify' | 'quota_request.read' | 'quota_request.create' | 'share.modify' | 'audit.read' | 'event.read' | 'webhook.read' | 'webhook.create' | 'webhook.modify' | 'webhook.delete' | 'impersonation.modify' | 'test_clock.modify'>;
  project_roles: Array<MeOrganizationProjectRole>;
}

export interface Me {
  kind: 'user' | 'api_key' | 'impersonation';
  /** Set for an operator who looks in */
  impersonation: MeImpersonation | null;
  id: string;
  name: string;
  email: string | null;
  locale: 'en' | 'zh-CN';
  organizations: Array<MeOrganization>;
}

export interface Organization {
  id: string;
  slug: string;
  name: string;
  mode: 'live' | 'sandbox';
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  country: string;
  time_zone: string;
  legal_name: string;
  address: string;
  tax_id: string;
  /** Members without a second factor may not act in it */
  require_mfa: boolean;
  /** The organisation's billing time; ahead of the wall clock only in a sandbox */
  billing_now: string;
  clock_offset_s: number;
  /** Operators look in only after an owner has agreed */
  impersonation_consent: boolean;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface Project {
  id: string;
  slug: string;
  name: string;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface CreateOrganizationResult {
  organization: Organization;
  project: Project;
}

export interface AuditEvent {
  id: string;
  /** RFC 3339, UTC */
  at: string;
  actor: string;
  /** The operator who acted in the place of the actor */
  impersonator: string | null;
  auth_method: string;
  action: string;
  resource: string | null;
  result: 'success' | 'denied' | 'unknown';
  detail: Record<string, unknown> | null;
  request_id: string | null;
  ip: string | null;
  /** Without gaps, from 1 */
  seq: number;
  /** hash of the entry before; empty for the first */
  prev_hash: string;
  hash: string;
}

export interface AuditVerification {
  intact: boolean;
  entries: number;
  last_seq: number;
  /** Keep it elsewhere: a chain that was written anew has another one */
  head_hash: string | null;
  /** First entry that does not fit */
  broken_at_seq: number | null;
  /** RFC 3339, UTC */
  checked_at: string;
}

export interface PasskeyChallenge {
  ticket: string;
  /** Options for navigator.credentials */
  public_key: Record<string, unknown>;
}

export interface Passkey {
  id: string;
  name: string;
  /** RFC 3339, UTC */
  created_at: string;
  last_used_at: string | null;
}

export interface AccountSecurity {
  email: string;
  email_verified: boolean;
  /** An authenticator app is set up */
  totp: boolean;
  recovery_codes_left: number;
  passkeys: Array<Passkey>;
  /** 1: this session was started with one factor; 2: with two, or with a passkey */
  aal: number;
  /** When this session last proved who it is */
  reauthenticated_at: string;
}

export interface Reauthentication {
  /** RFC 3339, UTC */
  reauthenticated_at: string;
  valid_seconds: number;
}

export interface StartTotpResult {
  /** Base32, for typing it */
  secret: string;
  /** otpauth:// address, for a QR code */
  uri: string;
}

export interface ConfirmTotpResult {
  /** Shown once */
  recovery_codes: Array<string>;
}

export interface RenewRecoveryCodesResult {
  /** Shown once */
  recovery_codes: Array<string>;
}

export interface SignedInSession {
  id: string;
  current: boolean;
  /** Browser or program, as it names itself */
  device: string;
  /** Network it was started from, /24 or /48 */
  ip_prefix: string;
  aal: number;
  /** RFC 3339, UTC */
  created_at: string;
  /** To the minute */
  last_seen_at: string;
  /** RFC 3339, UTC */
  expires_at: string;
}

export interface ListSessionsResult {
  items: Array<SignedInSession>;
}

export interface StartDeviceSignInResult {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  /** Seconds */
  expires_in: number;
  /** Seconds between two questions */
  interval: number;
}

export interface PollDeviceSignInResult {
  /** API key, shown once */
  secret: string;
  api_key_id: string;
  organization_id: string;
}

export interface DeviceRequest {
  client_name: string;
  ip_prefix: string;
  /** RFC 3339, UTC */
  created_at: string;
  /** RFC 3339, UTC */
  expires_at: string;
}

export interface MemberProjectRole {
  project_id: string;
  role: 'admin' | 'operator' | 'viewer';
}

export interface Member {
  id: string;
  user_id: string;
  name: string;
  email: string;
  role: 'owner' | 'admin' | 'billing' | 'auditor' | 'member';
  /** What the role opens in single projects, beside the role in the organization */
  project_roles: Array<MemberProjectRole>;
  /** Has an authenticator app or a passkey */
  second_factor: boolean;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface ProjectMember {
  membership_id: string;
  user_id: string;
  name: string;
  email: string;
  role: 'admin' | 'operator' | 'viewer';
  /** RFC 3339, UTC */
  created_at: string;
}

export interface ListProjectMembersResult {
  items: Array<ProjectMember>;
}

export interface Invitation {
  id: string;
  email: string;
  role: 'owner' | 'admin' | 'billing' | 'auditor' | 'member';
  project_id: string | null;
  project_role: 'admin' | 'operator' | 'viewer' | null;
  status: 'pending' | 'accepted' | 'expired' | 'revoked';
  invited_by: string;
  /** Mails so far */
  sends: number;
  /** RFC 3339, UTC */
  sent_at: string;
  /** RFC 3339, UTC */
  expires_at: string;
  accepted_at: string | null;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface AcceptedInvitationOrganization {
  id: string;
  slug: string;
  name: string;
}

export interface AcceptedInvitation {
  organization: AcceptedInvitationOrganization;
  membership_id: string;
  role: 'owner' | 'admin' | 'billing' | 'auditor' | 'member';
}

export interface Quota {
  /** null: the organization's; else a project's own limit inside it */
  project_id: string | null;
  metric: string;
  limit: number;
  used: number;
}

export interface ListQuotasResult {
  items: Array<Quota>;
}

export interface SetProjectQuotaResult {
  items: Array<Quota>;
}

export interface QuotaRequest {
  id: string;
  metric: string;
  limit_before: number;
  wanted: number;
  granted: number | null;
  reason: string;
  /** awaiting_second: a raise of this size takes two operators */
  status: 'pending' | 'awaiting_second' | 'approved' | 'denied' | 'withdrawn';
  requested_by: string;
  /** What the operator says to it */
  answer: string | null;
  /** RFC 3339, UTC */
  created_at: string;
  decided_at: string | null;
}

export interface Money {
  amount: string;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
}

export interface FapiaoRequest {
  id: string;
  invoice_id: string;
  invoice_number: string;
  /** What was paid on the invoice and is on no other fapiao; tax included */
  amount: Money;
  kind: 'ordinary' | 'special';
  buyer_title: string;
  tax_id: string;
  address: string;
  phone: string;
  bank_name: string;
  bank_account: string;
  email: string;
  status: 'requested' | 'issued' | 'rejected';
  fapiao_number: string | null;
  /** Why it was rejected */
  reason: string | null;
  requested_by: string;
  /** RFC 3339, UTC */
  created_at: string;
  decided_at: string | null;
}

export interface Impersonation {
  id: string;
  state: 'awaiting_consent' | 'active' | 'ended' | 'expired';
  operator_name: string;
  /** The member in whose place the operator looks */
  subject_user_id: string;
  ticket: string;
  reason: string;
  consent_required: boolean;
  consented_by: string | null;
  /** RFC 3339, UTC */
  created_at: string;
  started_at: string | null;
  expires_at: string | null;
  ended_at: string | null;
  ended_by: string | null;
}

export interface ListImpersonationsResult {
  items: Array<Impersonation>;
}

export interface SshKey {
  id: string;
  name: string;
  public_key: string;
  fingerprint: string;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface ApiKey {
  id: string;
  name: string;
  /** Prefix and last four characters; the secret is never shown again */
  display: string;
  scopes: Array<'all:read' | 'all:write' | 'compute:read' | 'compute:write' | 'billing:read' | 'organization:read' | 'organization:write' | 'projects:read' | 'projects:write' | 'members:read' | 'members:write' | 'project-members:read' | 'project-members:write' | 'ssh-keys:read' | 'ssh-keys:write' | 'api-keys:read' | 'api-keys:write' | 'instances:read' | 'instances:write' | 'clusters:read' | 'clusters:write' | 'usage:read' | 'billing:write' | 'quotas:read' | 'quotas:write' | 'quota-requests:read' | 'quota-requests:write' | 'shares:write' | 'audit:read' | 'events:read' | 'webhooks:read' | 'webhooks:write' | 'test-clock:write'>;
  project_id: string | null;
  expires_at: string | null;
  /** Networks it may be used from; empty: from anywhere */
  allowed_cidrs: Array<string>;
  /** Version of the API that requests with it are served in */
  api_version: string;
  /** How near expires_at is, for warnings */
  expiry: 'far' | 'within_30_days' | 'within_7_days' | 'within_1_day' | 'expired';
  /** Whoever made it has left the organization; it goes on working */
  needs_review: boolean;
  /** The key that was made by rolling this one */
  replaced_by: string | null;
  /** To the minute, written a few seconds later */
  last_used_at: string | null;
  /** Network of the last use, /24 or /48 */
  last_used_ip_prefix: string | null;
  last_used_agent: string | null;
  revoked_at: string | null;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface DeprecatedCall {
  /** key:<id> or user:<id> */
  actor: string;
  /** Of the API key; null for people */
  name: string | null;
  operation_id: string;
  /** When the operation was announced to be going */
  since: string;
  /** When it ends */
  sunset: string;
  /** Operation to call instead */
  successor: string | null;
  calls: number;
  /** RFC 3339, UTC */
  first_used_at: string;
  /** RFC 3339, UTC */
  last_used_at: string;
}

export interface ListDeprecatedCallsResult {
  items: Array<DeprecatedCall>;
}

export interface CreateApiKeyResult {
  api_key: ApiKey;
  /** Shown once */
  secret: string | null;
}

export interface RollApiKeyResult {
  api_key: ApiKey;
  /** Shown once */
  secret: string | null;
  previous: ApiKey;
}

export interface ReportLeakedKeysFinding {
  /** The whole text that was found */
  token: string;
  /** Where it was found */
  url?: string | undefined;
}

export interface ReportLeakedKeysResultItem {
  label: 'true_positive' | 'false_positive';
}

export interface ReportLeakedKeysResult {
  /** In the order of findings */
  items: Array<ReportLeakedKeysResultItem>;
}

export type WorkloadState = 'queued' | 'provisioning' | 'running' | 'stopping' | 'stopped' | 'starting' | 'interrupted' | 'failed' | 'terminating' | 'terminated';

export interface StatusReason {
  code: string;
  en: string;
  zh: string;
}

export interface StartEstimate {
  /** RFC 3339, UTC */
  likely_at: string;
  /** RFC 3339, UTC */
  from_at: string;
  /** The real start lies between these at least four times in five */
  to_at: string;
  /** planned: a promise; queue: from the queue ahead; beyond: no start is in sight */
  basis: 'planned' | 'queue' | 'beyond';
}

export interface NearestChange {
  change: 'size' | 'topology' | 'without' | 'region' | 'model' | 'preemptible' | 'limit';
  node_count?: number;
  gpus_per_node?: number;
  topology?: string;
  constraint?: string;
  region_id?: string;
  accelerator_id?: string;
  limit_duration_s?: number;
}

export interface Waiting {
  /** 1 is the next of its region and accelerator */
  place: number;
  /** What keeps it waiting, for example capacity, topology, quota, promised_to_others */
  binding: string;
  reason: StatusReason;
  estimate: StartEstimate | null;
  /** Nearest changes with which it would start now; each was tried */
  would_start: Array<NearestChange>;
  /** RFC 3339, UTC */
  waiting_since: string;
  /** RFC 3339, UTC */
  refreshed_at: string;
}

export interface Eviction {
  cause: 'priority' | 'reclaim' | 'reservation' | 'maintenance';
  reason: StatusReason;
  /** RFC 3339, UTC */
  told_at: string;
  /** It is interrupted then, unless it is stopped before or may stay after all */
  leave_at: string;
}

export interface OperationStep {
  name: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
  /** Finer progress inside the step, for example pulling_image */
  phase: string | null;
  started_at: string | null;
  finished_at: string | null;
}

export interface Operation {
  id: string;
  kind: 'launch' | 'stop' | 'start' | 'terminate';
  status: 'pending' | 'running' | 'succeeded' | 'failed' | 'superseded';
  resource_id: string;
  steps: Array<OperationStep>;
  error: StatusReason | null;
  /** RFC 3339, UTC */
  created_at: string;
  finished_at: string | null;
}

export interface VerdictPrice {
  sku: string;
  /** Accelerators of all nodes */
  gpus: number;
  price_per_gpu_hour: string;
  /** All of them for an hour */
  per_hour: Money;
}

export interface VerdictQuotaLimit {
  metric: string;
  /** null: of the whole organization */
  project_id: string | null;
  limit: number;
  used: number;
  requested: number;
  fits: boolean;
}

export interface VerdictQuota {
  fits: boolean;
  limits: Array<VerdictQuotaLimit>;
}

export interface VerdictFunds {
  fits: boolean;
  /** One hour of everything that would then run */
  needed: Money;
  /** Balance less unbilled usage, with the credit limit */
  available: Money;
  missing: Money;
}

export interface VerdictSpendCapsCap {
  budget_id: string;
  amount: Money;
  spent: Money;
  /** What must be left under it */
  reserve: Money;
  fits: boolean;
}

export interface VerdictSpendCaps {
  fits: boolean;
  caps: Array<VerdictSpendCapsCap>;
}

export interface Alternative {
  kind: 'region' | 'accelerator' | 'smaller';
  region_id: string;
  accelerator_id: string;
  node_count: number;
  gpus_per_node: number;
  /** Accelerators free there */
  free: number;
  price_per_gpu_hour: string;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
}

export interface VerdictCapacity {
  /** False and able: it would wait in the queue */
  fits: boolean;
  /** Accelerators of the model that are free in the region */
  free: number;
  /** Most of them on one node */
  largest_node: number;
  /** What could be had instead; empty when it fits */
  alternatives: Array<Alternative>;
}

export interface Verdict {
  /** True when the same request without validate_only would be accepted now */
  able: boolean;
  price: VerdictPrice;
  quota: VerdictQuota;
  funds: VerdictFunds;
  spend_caps: VerdictSpendCaps;
  capacity: VerdictCapacity;
}

export interface InstanceSsh {
  host: string;
  port: number;
  user: string;
}

export interface Instance {
  id: string;
  name: string;
  project_id: string;
  region_id: string;
  zone_id: string | null;
  /** The only zone it may run in */
  requested_zone_id: string | null;
  accelerator_id: string;
  sku: string;
  image: string;
  labels: Record<string, string>;
  ssh_key_ids: Array<string>;
  state: WorkloadState;
  status_reason: StatusReason | null;
  /** Why it waits for accelerators, and when it will start; as last looked at */
  waiting: Waiting | null;
  /** It has been told to make room */
  eviction: Eviction | null;
  priority_class: string;
  preemptible: boolean;
  movable: boolean;
  expected_duration_s: number | null;
  /** It starts no sooner */
  not_before: string | null;
  max_wait_s: number | null;
  max_duration_s: number | null;
  /** When the present run reaches max_duration_s and is stopped */
  ends_at: string | null;
  deletion_protection: boolean;
  price_per_gpu_hour: string;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  version: number;
  created_by: string;
  /** RFC 3339, UTC */
  created_at: string;
  /** RFC 3339, UTC */
  updated_at: string;
  running_since: string | null;
  terminated_at: string | null;
  /** The newest operation on it */
  operation: Operation | null;
  /** Only with validate_only: price, quota, money and capacity as they stand */
  verdict?: Verdict;
  gpus: number;
  ssh: InstanceSsh | null;
  node: string | null;
}

export interface StateChange {
  /** RFC 3339, UTC */
  at: string;
  from_state: WorkloadState | null;
  to_state: WorkloadState;
  event: string;
  actor: string;
  reason: StatusReason | null;
  operation_id: string | null;
}

export interface ListInstanceEventsResult {
  items: Array<StateChange>;
}

export interface MetricsSerie {
  allocation_id: string;
  rank: number;
  at_s: Array<number>;
  utilization_ppm: Array<number | null>;
  memory_used_bytes: Array<number | null>;
  power_milliwatt: Array<number | null>;
  temperature_milli_celsius: Array<number | null>;
  /** block: billing evidence; live: for the eye only */
  source: Array<'block' | 'live'>;
}

export interface Metrics {
  from_s: number;
  to_s: number;
  series: Array<MetricsSerie>;
}

export interface Cost {
  /** Since the start of the billing period, rounded as the invoice would */
  so_far: Money;
  /** Minor units as a fraction */
  exact: string;
  per_second: string;
  per_hour: string;
  billed_seconds: number;
  /** RFC 3339, UTC */
  as_of: string;
}

export interface LogsLine {
  /** RFC 3339, UTC */
  at: string;
  text: string;
}

export interface Logs {
  lines: Array<LogsLine>;
  next_cursor: string | null;
}

export interface TerminalTicket {
  /** Opens one session, once; null in a repeated answer */
  ticket: string | null;
  /** WebSocket to open with the protocols suanxiang.terminal.v1 and ticket.<ticket> */
  url: string;
  /** The session must be opened before */
  expires_at: string;
  /** A session in which nothing is written either way ends after so long */
  idle_seconds: number;
  /** A session ends after so long whatever happens */
  max_seconds: number;
}

export interface ClusterNodeSsh {
  host: string;
  port: number;
  user: string;
}

export interface ClusterNode {
  rank: number;
  allocation_id: string;
  node: string;
  spine: string;
  leaf: string;
  rack: string;
  gpus: number;
  state: string;
  ssh: ClusterNodeSsh | null;
}

export interface Cluster {
  id: string;
  name: string;
  project_id: string;
  region_id: string;
  zone_id: string | null;
  /** The only zone it may run in */
  requested_zone_id: string | null;
  accelerator_id: string;
  sku: string;
  image: string;
  labels: Record<string, string>;
  ssh_key_ids: Array<string>;
  state: WorkloadState;
  status_reason: StatusReason | null;
  /** Why it waits for accelerators, and when it will start; as last looked at */
  waiting: Waiting | null;
  /** It has been told to make room */
  eviction: Eviction | null;
  priority_class: string;
  preemptible: boolean;
  movable: boolean;
  expected_duration_s: number | null;
  /** It starts no sooner */
  not_before: string | null;
  max_wait_s: number | null;
  max_duration_s: number | null;
  /** When the present run reaches max_duration_s and is stopped */
  ends_at: string | null;
  deletion_protection: boolean;
  price_per_gpu_hour: string;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  version: number;
  created_by: string;
  /** RFC 3339, UTC */
  created_at: string;
  /** RFC 3339, UTC */
  updated_at: string;
  running_since: string | null;
  terminated_at: string | null;
  /** The newest operation on it */
  operation: Operation | null;
  /** Only with validate_only: price, quota, money and capacity as they stand */
  verdict?: Verdict;
  node_count: number;
  gpus_per_node: number;
  topology: 'any' | 'same_spine' | 'same_leaf';
  topology_mode: 'required' | 'preferred';
  nodes: Array<ClusterNode>;
}

export interface ListClusterEventsResult {
  items: Array<StateChange>;
}

export interface RendezvousNodeSsh {
  host: string;
  port: number;
  user: string;
}

export interface RendezvousNode {
  rank: number;
  host: string;
  /** Rank of its first process; the others follow */
  first_process: number;
  /** Positions on the node, in the order of local ranks */
  device_indexes: Array<number>;
  /** Variables that its machine was given */
  environment: Record<string, string>;
  ssh: RendezvousNodeSsh | null;
}

export interface RendezvousFile {
  path: string;
  text: string;
}

export interface RendezvousCommands {
  torchrun: string;
  mpirun: string;
  ssh: string;
}

export interface Rendezvous {
  cluster_id: string;
  accelerator_id: string;
  /** The vendor's library for collective communication */
  collective_library: string;
  /** What torch.device() takes */
  device_type: string;
  /** Null until the cluster has its nodes */
  master_addr: string | null;
  master_port: number;
  /** Processes of all nodes, one for each accelerator */
  world_size: number;
  nproc_per_node: number;
  nodes: Array<RendezvousNode>;
  /** Lie on every node that an agent runs */
  files: Array<RendezvousFile>;
  /** Start train.py: torchrun on every node, mpirun and ssh on the first */
  commands: RendezvousCommands | null;
}

export interface QueueEntry {
  resource_id: string;
  kind: 'instance' | 'cluster';
  name: string;
  project_id: string;
  operation_id: string;
  region_id: string;
  accelerator_id: string;
  node_count: number;
  gpus_per_node: number;
  priority_class: string;
  preemptible: boolean;
  /** 1 is the next of its region and accelerator */
  place: number;
  /** What keeps it waiting, for example capacity, topology, quota, promised_to_others */
  binding: string;
  reason: StatusReason;
  estimate: StartEstimate | null;
  /** Nearest changes with which it would start now; each was tried */
  would_start: Array<NearestChange>;
  /** RFC 3339, UTC */
  waiting_since: string;
  /** RFC 3339, UTC */
  refreshed_at: string;
}

export interface UsablePriorityClass {
  id: string;
  name: Bilingual;
  /** All of a higher rank goes first */
  rank: number;
  is_default: boolean;
  /** This organization may use it */
  allowed: boolean;
}

export interface ListPriorityClassesResult {
  items: Array<UsablePriorityClass>;
}

export interface GetSharesResultOrganizationGuaranteed {
  region_id: string;
  accelerator_id: string;
  accelerators: number;
}

export interface GetSharesResultOrganizationBorrowingLimit {
  region_id: string;
  accelerator_id: string;
  accelerators: number;
}

export interface GetSharesResultOrganizationStanding {
  region_id: string;
  /** Part of the priced capacity of the fleet that is held now, 0 to 1 */
  share_now: number;
  share_remembered: number;
  /** Lower goes first */
  queue_order: number;
}

export interface GetSharesResultOrganization {
  node_id: string;
  name: string;
  weight: number;
  /** Relative claim on what nobody is guaranteed */
  over_quota_weight: number;
  /** Capacity it gets back from borrowers whenever it asks */
  guaranteed: Array<GetSharesResultOrganizationGuaranteed>;
  /** Most above its guarantee; a pool that is not listed is unlimited */
  borrowing_limits: Array<GetSharesResultOrganizationBorrowingLimit>;
  /** Where it stands in each region that it uses */
  standing: Array<GetSharesResultOrganizationStanding>;
  version: number;
  updated_at: string | null;
  top_priority_class: string | null;
}

export interface ShareGuaranteed {
  region_id: string;
  accelerator_id: string;
  accelerators: number;
}

export interface ShareBorrowingLimit {
  region_id: string;
  accelerator_id: string;
  accelerators: number;
}

export interface ShareStanding {
  region_id: string;
  /** Part of the priced capacity of the fleet that is held now, 0 to 1 */
  share_now: number;
  share_remembered: number;
  /** Lower goes first */
  queue_order: number;
}

export interface Share {
  node_id: string;
  name: string;
  weight: number;
  /** Relative claim on what nobody is guaranteed */
  over_quota_weight: number;
  /** Capacity it gets back from borrowers whenever it asks */
  guaranteed: Array<ShareGuaranteed>;
  /** Most above its guarantee; a pool that is not listed is unlimited */
  borrowing_limits: Array<ShareBorrowingLimit>;
  /** Where it stands in each region that it uses */
  standing: Array<ShareStanding>;
  version: number;
  updated_at: string | null;
}

export interface GetSharesResult {
  organization: GetSharesResultOrganization;
  projects: Array<Share>;
}

export interface UpdateProjectShareGuaranteed {
  region_id: string;
  accelerator_id: string;
  accelerators: number;
}

export interface UpdateProjectShareBorrowingLimit {
  region_id: string;
  accelerator_id: string;
  accelerators: number;
}

export interface Event {
  id: string;
  /** `thing.happened`, for example `instance.running` or `invoice.final` */
  type: string;
  /** RFC 3339, UTC */
  at: string;
  /** null: about the organization as a whole */
  project_id: string | null;
  /** Id of what it is about; read it for its present state */
  resource: string | null;
  /** What changed. Fields are added, never renamed */
  data: Record<string, unknown>;
}

export interface Webhook {
  id: string;
  url: string;
  description: string;
  /** Empty: all events */
  event_types: Array<string>;
  /** `failed`: turned off by us after days in which nothing was taken */
  status: 'enabled' | 'disabled' | 'failed';
  /** Why it failed: it answered 410 Gone, or took nothing for days */
  off_reason: 'gone' | 'silent' | null;
  failing_since: string | null;
  /** While a rotation overlaps: until when the old secret signs, too */
  old_secret_until: string | null;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface CreateWebhookResult {
  webhook: Webhook;
  /** `whsec_…`, verifies the signatures. Shown once */
  secret: string | null;
}

export interface RotateWebhookSecretResult {
  webhook: Webhook;
  /** `whsec_…`, verifies the signatures. Shown once */
  secret: string | null;
}

export interface WebhookDeliveryAttempt {
  /** RFC 3339, UTC */
  at: string;
  duration_ms: number;
  /** HTTP status of the answer; null: there was none */
  status: number | null;
  error: string | null;
  /** The first kilobyte of it */
  answer: string | null;
}

export interface WebhookDelivery {
  id: string;
  /** What the receiver gets as webhook-id; the same at every attempt */
  event_id: string;
  type: string;
  status: 'pending' | 'delivered' | 'failed' | 'canceled';
  /** RFC 3339, UTC */
  created_at: string;
  next_attempt_at: string | null;
  /** What is sent, byte for byte */
  body: string;
  attempts: Array<WebhookDeliveryAttempt>;
}

export interface UsageRow {
  allocation_id: string;
  workload_id: string;
  workload_name: string;
  kind: 'instance' | 'cluster';
  rank: number;
  project_id: string;
  sku: string;
  accelerator_id: string;
  gpus: number;
  from_s: number;
  /** End, or now while it runs */
  to_s: number;
  running: boolean;
  billed_seconds: number;
  measured_seconds: number;
  undelivered_seconds: number;
  average_utilization_ppm: number | null;
  amount: Money;
}

export interface UsageReportDay {
  /** Local date of the account */
  day: string;
  amount: Money;
  gpu_seconds: string;
}

export interface UsageReport {
  from_s: number;
  to_s: number;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  total: Money;
  gpu_seconds: string;
  rows: Array<UsageRow>;
  days: Array<UsageReportDay>;
}

export interface CostReportGroup {
  /** Empty where there is none */
  group: string;
  /** Rounded so that all groups add up to total */
  amount: Money;
  exact_minor: string;
  gpu_seconds: string;
}

export interface CostReport {
  from_s: number;
  to_s: number;
  by: string;
  currency: 'CNY' | 'USD' | 'EUR' | 'JPY' | 'KWD';
  total: Money;
  groups: Array<CostReportGroup>;
}

export interface IdleReportItem {
  workload_id: string;
  workload_name: string;
  kind: 'instance' | 'cluster';
  project_id: string;
  gpus: number;
  average_utilization_ppm: number;
  /** Of all its nodes; what was not measured is not taken as idle */
  measured_seconds: number;
  burn_per_hour: Money;
  /** When the policy of its project stops it if it stays idle */
  stops_at: string | null;
}

export interface IdleReport {
  /** Of all of them together */
  burn_per_hour: Money;
  items: Array<IdleReportItem>;
}

export interface IdlePolicy {
  project_id: string;
  enabled: boolean;
  threshold_percent: number | null;
  idle_minutes: number | null;
  /** From the warning to the stop */
  warn_minutes: number | null;
}

export interface ListIdlePoliciesResult {
  items: Array<IdlePolicy>;
}

export interface EvidenceBlock {
  allocation_id: string;
  win_start_s: number;
  rev: number;
  measured: number;
  average_ppm: number | null;
  digest: string;
  agent_id: string;
  /** RFC 3339, UTC */
  received_at: string;
  /** The 60 one-second values; null = not measured */
  values_ppm: Array<number | null>;
}

export interface Balance {
  /** Prepaid balance; negative when overdrawn */
  balance: Money;
  /** Promotional credit that can still be used */
  promotional: Money;
  /** Usage since the last invoice that promotional credit does not cover */
  unbilled: Money;
  /** Due on issued invoices */
  owed: Money;
  /** balance plus promotional, minus unbilled and owed */
  available: Money;
  /** Postpaid: how far available may fall below 0 */
  credit_limit: Money;
  /** What the running workloads cost per hour */
  burn_per_hour: Money;
  /** Until available and the credit limit are used up at this rate; null when nothing runs */
  runway_seconds: number | null;
}

export interface PaymentDispute {
  status: 'open' | 'won' | 'lost';
  amount: Money;
}

export interface Payment {
  id: string;
  provider: 'manual' | 'sandbox' | 'stripe';
  status: 'pending' | 'requires_action' | 'processing' | 'succeeded' | 'failed' | 'canceled';
  amount: Money;
  reference: string;
  purpose: 'top_up' | 'auto_top_up' | 'invoice';
  method: string | null;
  /** The provider's reason, in its own words */
  failure: string | null;
  /** Where the customer has to go to complete it */
  redirect_url: string | null;
  refunded: Money;
  /** The cardholder has objected; the money is away until it is won */
  dispute: PaymentDispute | null;
  /** RFC 3339, UTC */
  created_at: string;
  settled_at: string | null;
}

export interface LedgerLine {
  journal_id: string;
  kind: string;
  memo: string;
  /** RFC 3339, UTC */
  booked_at: string;
  /** Effect on the balance */
  amount: Money;
}

export interface InvoiceSummary {
  /** inv_..., "draft" for the running period, or "closing-..." for one that has ended and is not final */
  id: string;
  number: string | null;
  /** closing: the period has ended; usage that arrives late still counts until final_at */
  status: 'draft' | 'closing' | 'final' | 'void';
  /** RFC 3339, UTC */
  period_from: string;
  /** RFC 3339, UTC */
  period_to: string;
  time_zone: string;
  total: Money;
  due: Money;
  issued_at: string | null;
  /** When a draft or closing invoice becomes final; null once issued */
  final_at: string | null;
}

export interface InvoiceSeller {
  name: string;
  address: string;
  tax_id: string;
}

export interface InvoiceBuyer {
  name: string;
  address: string;
  tax_id: string;
}

export interface InvoiceLineUndelivered {
  from_s: number;
  to_s: number;
  reason: string;
}

export interface InvoiceLineSegment {
  from_s: number;
  to_s: number;
  /** minimum: seconds added to reach the least billed time of a start */
  kind: 'usage' | 'minimum';
  /** GPUs that cost, fraction */
  gpus: string;
  price_per_gpu_hour: string;
  /** GPU x ppm x seconds, fraction */
  qty: string;
  exact_minor: string;
  /** Whose seconds they are, on a tiered line */
  allocation_id: string | null;
  /** Band of the tiers, counted from 0; null: no tiers */
  band: number | null;
}

export interface InvoiceLine {
  key: string;
  /** tiered: all leases of a SKU at prices by quantity; commitment: what lacks to the least spend agreed on */
  kind: 'usage' | 'tiered' | 'commitment' | 'adjustment';
  description: Bilingual;
  allocation_id: string | null;
  workload_id: string | null;
  project_id: string | null;
  sku: string | null;
  gpus: number;
  from_s: number;
  to_s: number;
  billed_seconds: number;
  measured_seconds: number;
  undelivered_seconds: number;
  /** Added to reach the least billed time; not part of billed_seconds */
  minimum_seconds: number;
  /** Seconds of the lease that were not delivered and cost nothing */
  undelivered: Array<InvoiceLineUndelivered>;
  qty: string;
  exact_minor: string;
  amount: Money;
  segments: Array<InvoiceLineSegment>;
  block_count: number;
  blocks_digest: string;
}

export interface Invoice {
  /** inv_..., "draft" for the running period, or "closing-..." for one that has ended and is not final */
  id: string;
  number: string | null;
  /** closing: the period has ended; usage that arrives late still counts until final_at */
  status: 'draft' | 'closing' | 'final' | 'void';
  /** RFC 3339, UTC */
  period_from: string;
  /** RFC 3339, UTC */
  period_to: string;
  time_zone: string;
  total: Money;
  due: Money;
  issued_at: string | null;
  /** When a draft or closing invoice becomes final; null once issued */
  final_at: string | null;
  from_s: number;
  to_s: number;
  subtotal: Money;
  /** Paid with promotional credit, before tax */
  promotional: Money;
  tax: Money;
  tax_rate_ppm: number;
  paid: Money;
  /** Given back by credit notes since */
  credited: Money;
  seller: InvoiceSeller;
  buyer: InvoiceBuyer;
  digest: string | null;
  engine_version: string;
  lines: Array<InvoiceLine>;
}

export interface InvoiceProofCutoff {
  /** Last batch of usage that was read */
  batch_seq: string;
  /** Usage that arrived later was not read */
  arrived_s: number;
}

export interface InvoiceProofCreditNoteCutoff {
  /** Last batch of usage that was read */
  batch_seq: string;
  /** Usage that arrived later was not read */
  arrived_s: number;
}

export interface InvoiceProofCreditNote {
  /** Evidence of its lines: key credit_note:<id>:<key of the line> */
  id: string;
  number: string;
  /** The SHA-256 of document */
  digest: string;
  /** What was sealed: canonical JSON */
  document: string;
  /** The period as it was rated again, canonical JSON; empty: the note gives back less than that */
  correction: string;
  cutoff: InvoiceProofCreditNoteCutoff;
}

export interface InvoiceProofHandNote {
  id: string;
  number: string;
  /** The SHA-256 of document */
  digest: string;
  /** What was sealed: canonical JSON */
  document: string;
}

export interface InvoiceProof {
  /** Of the invoice: the SHA-256 of document */
  digest: string;
  /** What was sealed: canonical JSON */
  document: string;
  /** Price rows that were read, canonical JSON each */
  prices: Array<string>;
  /** Leases and their terms, canonical JSON */
  terms: string;
  cutoff: InvoiceProofCutoff;
  /** The invoice whose digest this one seals */
  previous_invoice_id: string | null;
  /** Whether the invoice was voided since */
  is_void: boolean;
  /** Earlier periods that were rated again for it, canonical JSON each */
  corrections: Array<string>;
  /** Credit notes over it that closings made, the oldest first */
  credit_notes: Array<InvoiceProofCreditNote>;
  /** Credit notes over it that operators made by hand, the oldest first */
  hand_notes: Array<InvoiceProofHandNote>;
  /** Usage blocks of seconds before this one are no longer kept; 0: all are */
  evidence_from_s: number;
  /** Invoices that its corrections and credit notes build on */
  related_invoice_ids: Array<string>;
}

export interface CreditNoteSummary {
  id: string;
  number: string;
  /** The invoice it corrects, which stays as it is */
  invoice_id: string;
  invoice_number: string;
  /** Given back, tax included */
  total: Money;
  /** Of the total: what lowered the amount due of the invoice */
  settled: Money;
  /** Of the total: what was added to the balance */
  to_balance: Money;
  /** RFC 3339, UTC */
  issued_at: string;
}

export interface CreditNoteSeller {
  name: string;
  address: string;
  tax_id: string;
}

export interface CreditNoteBuyer {
  name: string;
  address: string;
  tax_id: string;
}

export interface CreditNoteLine {
  /** Key of the corrected line */
  key: string;
  description: Bilingual;
  allocation_id: string | null;
  amount: Money;
}

export interface CreditNote {
  id: string;
  number: string;
  /** The invoice it corrects, which stays as it is */
  invoice_id: string;
  invoice_number: string;
  /** Given back, tax included */
  total: Money;
  /** Of the total: what lowered the amount due of the invoice */
  settled: Money;
  /** Of the total: what was added to the balance */
  to_balance: Money;
  /** RFC 3339, UTC */
  issued_at: string;
  /** RFC 3339, UTC */
  period_from: string;
  /** RFC 3339, UTC */
  period_to: string;
  time_zone: string;
  net: Money;
  tax: Money;
  tax_rate_ppm: number;
  seller: CreditNoteSeller;
  buyer: CreditNoteBuyer;
  digest: string;
  lines: Array<CreditNoteLine>;
}

export interface BillingSettingsAutoTopUp {
  enabled: boolean;
  /** Asked for when available falls below this */
  threshold: Money;
  amount: Money;
  /** Least time between two requests */
  cool_off_seconds: number;
  /** Most that is asked for in 24 hours; null: no limit */
  daily_max: Money | null;
}

export interface BillingSettingsWhenItRunsOut {
  stage: 'low_3d' | 'low_1d' | 'grace' | 'frozen' | 'released';
  /** low_*: left at the present rate; else: since the stage before began */
  after_seconds: number;
  what: Bilingual;
}

export interface BillingSettings {
  mode: 'prepaid' | 'postpaid';
  /** Postpaid: how far available may fall below 0 */
  credit_limit: Money;
  auto_top_up: BillingSettingsAutoTopUp;
  stage: 'ok' | 'low_3d' | 'low_1d' | 'grace' | 'frozen' | 'released';
  stage_since: string | null;
  when_it_runs_out: Array<BillingSettingsWhenItRunsOut>;
}

export interface UpdateBillingSettingsAutoTopUp {
  enabled: boolean;
  threshold?: string | undefined;
  amount?: string | undefined;
  cool_off_seconds?: number | undefined;
  daily_max?: string | null | undefined;
}

export interface PaymentMethod {
  id: string;
  status: 'pending' | 'requires_action' | 'active' | 'failed' | 'detached';
  brand: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
  is_default: boolean;
  /** The page on which the customer saves it */
  redirect_url: string | null;
  /** RFC 3339, UTC */
  created_at: string;
}

export interface ListPaymentMethodsResult {
  items: Array<PaymentMethod>;
  online: boolean;
}

export interface CreditGrant {
  id: string;
  reason: string;
  amount: Money;
  /** After issued invoices */
  remaining: Money;
  /** What was left when it expired */
  expired: Money;
  /** Burns in rising order, then by expiry */
  priority: number;
  /** RFC 3339, UTC */
  effective_at: string;
  expires_at: string | null;
  /** RFC 3339, UTC */
  granted_at: string;
}

export interface ListCreditGrantsResult {
  items: Array<CreditGrant>;
}

export interface Forecast {
  /** RFC 3339, UTC */
  period_from: string;
  /** RFC 3339, UTC */
  period_to: string;
  /** Usage of the running period, before promotional credit and tax */
  spent: Money;
  /** The same at the end of the period, if all goes on as it is */
  forecast: Money;
  burn_per_hour: Money;
  /** How long the money lasts at this rate; null: nothing runs */
  runway_seconds: number | null;
  /** When it is used up, if that is before the end of the period */
  runs_out_at: string | null;
}

export interface BillingEvent {
  id: string;
  kind: 'stage_changed' | 'budget_reached' | 'budget_forecast' | 'cap_reached' | 'idle_warned' | 'idle_stopped' | 'auto_top_up_requested';
  /** RFC 3339, UTC */
  at: string;
  text: Bilingual;
}

export interface Budget {
  id: string;
  name: string;
  /** null: all projects */
  project_id: string | null;
  /** Only what this API key has launched; null: everything */
  api_key_id: string | null;
  /** For one billing period */
  amount: Money;
  /** Percent of the amount */
  thresholds: Array<number>;
  /** A spend cap: what runs in its scope ends, and costs nothing more, at the second in which it is reached */
  hard: boolean;
  spent: Money;
  /** At the end of the period, if all goes on as it is */
  forecast: Money;
  /** hard: when the cap is reached if all goes on as it is; null: not in this period */
  stops_at: string | null;
  /** RFC 3339, UTC */
  period_from: string;
  /** RFC 3339, UTC */
  period_to: string;
}

export interface ListBudgetsResult {
  items: Array<Budget>;
}

export interface BillingTermsCurrentPriceBand {
  up_to_hours: number | null;
  price: string;
}

export interface BillingTermsCurrentPrice {
  sku: string | null;
  name: Bilingual;
  /** discount: off the list price; graduated: each band at its price; volume: all of it at the band it ends in */
  model: 'discount' | 'graduated' | 'volume';
  discount_percent: string | null;
  bands: Array<BillingTermsCurrentPriceBand>;
  /** Of one SKU now; null: of all, or nothing is sold yet */
  list_price: string | null;
}

export interface BillingTermsCurrent {
  id: string;
  name: string;
  /** RFC 3339, UTC */
  from: string;
  /** null: until other terms follow */
  until: string | null;
  commitment: Money | null;
  prices: Array<BillingTermsCurrentPrice>;
  /** SHA-256 of the terms; they stand in every invoice that was rated by them */
  digest: string;
}

export interface BillingTermsUpcomingPriceBand {
  up_to_hours: number | null;
  price: string;
}

export interface BillingTermsUpcomingPrice {
  sku: string | null;
  name: Bilingual;
  /** discount: off the list price; graduated: each band at its price; volume: all of it at the band it ends in */
  model: 'discount' | 'graduated' | 'volume';
  discount_percent: string | null;
  bands: Array<BillingTermsUpcomingPriceBand>;
  /** Of one SKU now; null: of all, or nothing is sold yet */
  list_price: string | null;
}

export interface BillingTermsUpcoming {
  id: string;
  name: string;
  /** RFC 3339, UTC */
  from: string;
  /** null: until other terms follow */
  until: string | null;
  commitment: Money | null;
  prices: Array<BillingTermsUpcomingPrice>;
  /** SHA-256 of the terms; they stand in every invoice that was rated by them */
  digest: string;
}

export interface BillingTermsCommitment {
  committed: Money;
  /** Of the running period so far, before promotional credit and tax */
  spent: Money;
  /** What the shortfall line would be if the period ended now */
  missing: Money;
  /** RFC 3339, UTC */
  period_from: string;
  /** RFC 3339, UTC */
  period_to: string;
}

export interface BillingTerms {
  /** null: list prices */
  current: BillingTermsCurrent | null;
  upcoming: Array<BillingTermsUpcoming>;
  commitment: BillingTermsCommitment | null;
}

export interface ListOffersInput {
  region_id?: string | undefined;
  accelerator_id?: string | undefined;
  currency?: 'CNY' | 'USD' | undefined;
}

export interface SignUpInput {
  email: string;
  password: string;
  name: string;
  locale?: 'en' | 'zh-CN' | undefined;
}

export interface SignInInput {
  email: string;
  password: string;
}

export interface CreateOrganizationInput {
  name: string;
  mode?: 'live' | 'sandbox' | undefined;
  currency?: 'CNY' | 'USD' | undefined;
  country?: string | undefined;
  time_zone?: string | undefined;
  legal_name?: string | undefined;
  project_name?: string | undefined;
}

export interface UpdateOrganizationInput {
  name?: string | undefined;
  legal_name?: string | undefined;
  address?: string | undefined;
  /** In China the unified social credit code, in the European Union the VAT number; checked for its form */
  tax_id?: string | undefined;
  /** For owners to decide */
  impersonation_consent?: boolean | undefined;
  /** Owners alone; needs a session with a second factor */
  require_mfa?: boolean | undefined;
}

export interface AdvanceTestClockInput {
  /** New billing time, later than the present one, at most 31 days ahead */
  to: string;
}

export interface ListProjectsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateProjectInput {
  name: string;
  slug?: string | undefined;
}

export interface ListAuditEventsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  /** Beginning of the action, for example instance or member.modify */
  action?: string | undefined;
  /** Exactly, or the operator behind it */
  actor?: string | undefined;
  /** Id of what was changed */
  resource?: string | undefined;
  result?: 'success' | 'denied' | 'unknown' | undefined;
}

export interface ExportAuditEventsInput {
  /** First entry */
  from_seq?: number | undefined;
  /** Most entries */
  count?: number | undefined;
}

export interface CompleteSignInInput {
  ticket: string;
  /** Of the authenticator app */
  totp_code?: string | undefined;
  /** Works once */
  recovery_code?: string | undefined;
  /** The browser's answer (AuthenticationResponseJSON) */
  passkey?: Record<string, unknown> | undefined;
}

export interface ForgotPasswordInput {
  email: string;
}

export interface ResetPasswordInput {
  token: string;
  password: string;
}

export interface VerifyEmailInput {
  token: string;
}

export interface ChangePasswordInput {
  current_password: string;
  password: string;
}

export interface ReauthenticateInput {
  password?: string | undefined;
  /** Of the authenticator app */
  totp_code?: string | undefined;
  /** The browser's answer (AuthenticationResponseJSON) */
  passkey?: Record<string, unknown> | undefined;
  /** Of POST /v1/me/passkeys/challenge; needed with passkey */
  ticket?: string | undefined;
}

export interface ConfirmTotpInput {
  totp_code: string;
}

export interface AddPasskeyInput {
  ticket: string;
  name: string;
  passkey: Record<string, unknown>;
}

export interface StartDeviceSignInInput {
  /** Of the machine that asks, shown to who approves */
  client_name: string;
}

export interface PollDeviceSignInInput {
  device_code: string;
}

export interface LookUpDeviceInput {
  user_code: string;
}

export interface DenyDeviceInput {
  user_code: string;
}

export interface ApproveDeviceInput {
  user_code: string;
  scopes: Array<'all:read' | 'all:write' | 'compute:read' | 'compute:write' | 'billing:read' | 'organization:read' | 'organization:write' | 'projects:read' | 'projects:write' | 'members:read' | 'members:write' | 'project-members:read' | 'project-members:write' | 'ssh-keys:read' | 'ssh-keys:write' | 'api-keys:read' | 'api-keys:write' | 'instances:read' | 'instances:write' | 'clusters:read' | 'clusters:write' | 'usage:read' | 'billing:write' | 'quotas:read' | 'quotas:write' | 'quota-requests:read' | 'quota-requests:write' | 'shares:write' | 'audit:read' | 'events:read' | 'webhooks:read' | 'webhooks:write' | 'test-clock:write'>;
  project_id?: string | undefined;
  /** Lifetime of the key */
  expires_in_days?: number | undefined;
}

export interface ListMembersInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface UpdateMemberInput {
  role: 'owner' | 'admin' | 'billing' | 'auditor' | 'member';
}

export interface TransferOwnershipInput {
  /** The member who becomes an owner; you become an admin */
  membership_id: string;
}

export interface CloseOrganizationInput {
  /** The slug of the organization, so that no other is closed by mistake */
  slug: string;
}

export interface SetProjectMemberInput {
  membership_id: string;
  role: 'admin' | 'operator' | 'viewer';
}

export interface ListInvitationsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateInvitationInput {
  email: string;
  role?: 'owner' | 'admin' | 'billing' | 'auditor' | 'member' | undefined;
  /** A first project */
  project_id?: string | undefined;
  /** The role in it; default: viewer */
  project_role?: 'admin' | 'operator' | 'viewer' | undefined;
}

export interface AcceptInvitationInput {
  /** From the link in the mail; it opens nothing but for the address it was sent to */
  token: string;
}

export interface SetProjectQuotaInput {
  metric: 'accelerators' | 'workloads' | 'api_keys' | 'accelerators:nvidia' | 'accelerators:amd' | 'accelerators:ascend' | 'accelerators:cambricon' | 'accelerators:hygon' | 'accelerators:mthreads' | 'accelerators:metax' | 'accelerators:iluvatar' | 'accelerators:kunlunxin' | 'accelerators:enflame' | 'accelerators:cpu' | 'accelerators:nvidia-h100-80g' | 'accelerators:nvidia-h200-141g' | 'accelerators:nvidia-h20-96g' | 'accelerators:nvidia-a100-80g' | 'accelerators:nvidia-l40s-48g' | 'accelerators:amd-mi300x-192g' | 'accelerators:ascend-910b3-64g' | 'accelerators:cambricon-mlu590-80g' | 'accelerators:hygon-k100-ai-64g' | 'accelerators:mthreads-s4000-48g' | 'accelerators:metax-c500-64g' | 'accelerators:kunlunxin-p800-96g' | 'accelerators:iluvatar-bi-v150-64g' | 'accelerators:cpu-small-2g';
  /** null: as much as the organization has */
  limit: number | null;
}

export interface ListQuotaRequestsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateQuotaRequestInput {
  metric: 'accelerators' | 'workloads' | 'ssh_keys' | 'api_keys' | 'accelerators:nvidia' | 'accelerators:amd' | 'accelerators:ascend' | 'accelerators:cambricon' | 'accelerators:hygon' | 'accelerators:mthreads' | 'accelerators:metax' | 'accelerators:iluvatar' | 'accelerators:kunlunxin' | 'accelerators:enflame' | 'accelerators:cpu' | 'accelerators:nvidia-h100-80g' | 'accelerators:nvidia-h200-141g' | 'accelerators:nvidia-h20-96g' | 'accelerators:nvidia-a100-80g' | 'accelerators:nvidia-l40s-48g' | 'accelerators:amd-mi300x-192g' | 'accelerators:ascend-910b3-64g' | 'accelerators:cambricon-mlu590-80g' | 'accelerators:hygon-k100-ai-64g' | 'accelerators:mthreads-s4000-48g' | 'accelerators:metax-c500-64g' | 'accelerators:kunlunxin-p800-96g' | 'accelerators:iluvatar-bi-v150-64g' | 'accelerators:cpu-small-2g';
  /** The limit that is wanted, not what is to be added */
  wanted: number;
  reason: string;
}

export interface CreateFapiaoRequestInput {
  /** special: the buyer deducts the tax */
  kind: 'ordinary' | 'special';
  /** Name of the buyer as registered */
  buyer_title: string;
  /** Unified social credit code */
  tax_id: string;
  address?: string | undefined;
  phone?: string | undefined;
  bank_name?: string | undefined;
  bank_account?: string | undefined;
  /** Where the fapiao is sent */
  email: string;
}

export interface ListFapiaoRequestsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  invoice_id?: string | undefined;
}

export interface ListSshKeysInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateSshKeyInput {
  name: string;
  /** OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, or ssh-rsa of 2048 bits or more */
  public_key: string;
}

export interface ListApiKeysInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateApiKeyInput {
  name: string;
  scopes: Array<'all:read' | 'all:write' | 'compute:read' | 'compute:write' | 'billing:read' | 'organization:read' | 'organization:write' | 'projects:read' | 'projects:write' | 'members:read' | 'members:write' | 'project-members:read' | 'project-members:write' | 'ssh-keys:read' | 'ssh-keys:write' | 'api-keys:read' | 'api-keys:write' | 'instances:read' | 'instances:write' | 'clusters:read' | 'clusters:write' | 'usage:read' | 'billing:write' | 'quotas:read' | 'quotas:write' | 'quota-requests:read' | 'quota-requests:write' | 'shares:write' | 'audit:read' | 'events:read' | 'webhooks:read' | 'webhooks:write' | 'test-clock:write'>;
  project_id?: string | undefined;
  expires_in_days?: number | undefined;
  /** Networks it may be used from, for example 203.0.113.0/24; empty: from anywhere */
  allowed_cidrs?: Array<string> | undefined;
}

export interface UpdateApiKeyInput {
  name?: string | undefined;
  /** Networks it may be used from, for example 203.0.113.0/24; empty: from anywhere */
  allowed_cidrs?: Array<string> | undefined;
}

export interface RollApiKeyInput {
  /** How long the old key still opens; 0: not at all */
  overlap_seconds?: number | undefined;
  /** Lifetime of the new key */
  expires_in_days?: number | undefined;
}

export interface ReportLeakedKeysInput {
  findings: Array<ReportLeakedKeysFinding>;
}

export interface CreateInstanceInput {
  /** true: answer 200 with the resource as it would be, or the error, either with a verdict on price, quota, money and capacity, without creating anything; needs no Idempotency-Key */
  validate_only?: boolean | undefined;
  /** Default: the project of the key, else the first project */
  project_id?: string | undefined;
  name: string;
  region_id: string;
  /** Only in this zone; default: any of the region */
  zone_id?: string | undefined;
  accelerator_id: string;
  image?: string | undefined;
  ssh_key_ids?: Array<string> | undefined;
  startup_script?: string | undefined;
  environment?: Record<string, string> | undefined;
  labels?: Record<string, string> | undefined;
  deletion_protection?: boolean | undefined;
  /** When there is no capacity: answer 409, or wait in the queue */
  on_capacity?: 'fail' | 'queue' | undefined;
  /** Default: the default class; see GET /v1/priority-classes */
  priority_class?: string | undefined;
  /** May be interrupted with notice when others need the capacity; it starts again by itself */
  preemptible?: boolean | undefined;
  /** May be stopped and started on another node when its node is taken out of service */
  movable?: boolean | undefined;
  /** How long it will run, as a guess: shorter requests may start before longer ones */
  expected_duration_s?: number | undefined;
  /** Starts no sooner; at most 30 days ahead; needs "on_capacity": "queue" */
  not_before?: string | undefined;
  /** Given up when it has waited this long for capacity, counted from not_before where that is later; needs "on_capacity": "queue"; default 30 days */
  max_wait_s?: number | undefined;
  /** Every run is stopped when it has lasted this long, and not billed longer: what is certain to end may start beside promises to others */
  max_duration_s?: number | undefined;
  gpus?: 1 | 2 | 4 | 8 | undefined;
}

export interface ListInstancesInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  project_id?: string | undefined;
  state?: WorkloadState | undefined;
  /** Part of the name */
  q?: string | undefined;
  /** true: only what is not terminated or failed */
  live?: boolean | undefined;
}

export interface UpdateInstanceInput {
  /** Replaces all labels */
  labels?: Record<string, string> | undefined;
  deletion_protection?: boolean | undefined;
  /** Default: the default class; see GET /v1/priority-classes */
  priority_class?: string | undefined;
  /** May be interrupted with notice when others need the capacity; it starts again by itself */
  preemptible?: boolean | undefined;
  /** May be stopped and started on another node when its node is taken out of service */
  movable?: boolean | undefined;
  expected_duration_s?: number | null | undefined;
  max_duration_s?: number | null | undefined;
}

export interface GetInstanceMetricsInput {
  /** First second, billing time; default five minutes ago */
  from_s?: number | undefined;
  /** End, exclusive; default now; at most 6 hours after from_s */
  to_s?: number | undefined;
}

export interface GetInstanceLogsInput {
  /** Node of a cluster, from 0 */
  rank?: number | undefined;
  /** Only the newest so many lines */
  tail?: number | undefined;
  /** Only lines of this instant and later */
  since?: string | undefined;
  /** Goes on after the lines of an earlier answer; tail and since no longer count */
  cursor?: string | undefined;
}

export interface OpenInstanceTerminalInput {
  /** Node of a cluster, from 0 */
  rank?: number | undefined;
  /** Program and arguments, at most 6000 bytes; null: a login shell */
  command?: Array<string> | null | undefined;
  /** With a terminal; a login shell has one always */
  tty?: boolean | undefined;
  columns?: number | undefined;
  rows?: number | undefined;
}

export interface CreateClusterInput {
  /** true: answer 200 with the resource as it would be, or the error, either with a verdict on price, quota, money and capacity, without creating anything; needs no Idempotency-Key */
  validate_only?: boolean | undefined;
  /** Default: the project of the key, else the first project */
  project_id?: string | undefined;
  name: string;
  region_id: string;
  /** Only in this zone; default: any of the region */
  zone_id?: string | undefined;
  accelerator_id: string;
  image?: string | undefined;
  ssh_key_ids?: Array<string> | undefined;
  startup_script?: string | undefined;
  environment?: Record<string, string> | undefined;
  labels?: Record<string, string> | undefined;
  deletion_protection?: boolean | undefined;
  /** When there is no capacity: answer 409, or wait in the queue */
  on_capacity?: 'fail' | 'queue' | undefined;
  /** Default: the default class; see GET /v1/priority-classes */
  priority_class?: string | undefined;
  /** May be interrupted with notice when others need the capacity; it starts again by itself */
  preemptible?: boolean | undefined;
  /** May be stopped and started on another node when its node is taken out of service */
  movable?: boolean | undefined;
  /** How long it will run, as a guess: shorter requests may start before longer ones */
  expected_duration_s?: number | undefined;
  /** Starts no sooner; at most 30 days ahead; needs "on_capacity": "queue" */
  not_before?: string | undefined;
  /** Given up when it has waited this long for capacity, counted from not_before where that is later; needs "on_capacity": "queue"; default 30 days */
  max_wait_s?: number | undefined;
  /** Every run is stopped when it has lasted this long, and not billed longer: what is certain to end may start beside promises to others */
  max_duration_s?: number | undefined;
  node_count: number;
  gpus_per_node?: 8 | undefined;
  topology?: 'any' | 'same_spine' | 'same_leaf' | undefined;
  /** preferred: a looser topology is taken when this one cannot be had */
  topology_mode?: 'required' | 'preferred' | undefined;
}

export interface ListClustersInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  project_id?: string | undefined;
  state?: WorkloadState | undefined;
  /** Part of the name */
  q?: string | undefined;
  /** true: only what is not terminated or failed */
  live?: boolean | undefined;
}

export interface UpdateClusterInput {
  /** Replaces all labels */
  labels?: Record<string, string> | undefined;
  deletion_protection?: boolean | undefined;
  /** Default: the default class; see GET /v1/priority-classes */
  priority_class?: string | undefined;
  /** May be interrupted with notice when others need the capacity; it starts again by itself */
  preemptible?: boolean | undefined;
  /** May be stopped and started on another node when its node is taken out of service */
  movable?: boolean | undefined;
  expected_duration_s?: number | null | undefined;
  max_duration_s?: number | null | undefined;
}

export interface GetClusterMetricsInput {
  /** First second, billing time; default five minutes ago */
  from_s?: number | undefined;
  /** End, exclusive; default now; at most 6 hours after from_s */
  to_s?: number | undefined;
}

export interface GetClusterLogsInput {
  /** Node of a cluster, from 0 */
  rank?: number | undefined;
  /** Only the newest so many lines */
  tail?: number | undefined;
  /** Only lines of this instant and later */
  since?: string | undefined;
  /** Goes on after the lines of an earlier answer; tail and since no longer count */
  cursor?: string | undefined;
}

export interface OpenClusterTerminalInput {
  /** Node of a cluster, from 0 */
  rank?: number | undefined;
  /** Program and arguments, at most 6000 bytes; null: a login shell */
  command?: Array<string> | null | undefined;
  /** With a terminal; a login shell has one always */
  tty?: boolean | undefined;
  columns?: number | undefined;
  rows?: number | undefined;
}

export interface ListOperationsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  resource_id?: string | undefined;
}

export interface ListQueueInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  project_id?: string | undefined;
  region_id?: string | undefined;
}

export interface UpdateProjectShareInput {
  weight?: number | undefined;
  over_quota_weight?: number | undefined;
  /** Replaces all guarantees */
  guaranteed?: Array<UpdateProjectShareGuaranteed> | undefined;
  /** Replaces all limits */
  borrowing_limits?: Array<UpdateProjectShareBorrowingLimit> | undefined;
}

export interface ListEventsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  /** Only these, for example `instance.*` */
  type?: string | undefined;
  /** Only about this resource */
  resource?: string | undefined;
  /** Only what this person, key or part of the platform did, as the audit log names it */
  actor?: string | undefined;
  /** Only from this instant on */
  since?: string | undefined;
  /** Only before this instant */
  until?: string | undefined;
}

export interface StreamEventsInput {
  /** Only these, for example `instance.*` */
  type?: string | undefined;
  /** The stream ends after so long */
  max_seconds?: number | undefined;
}

export interface ListWebhooksInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateWebhookInput {
  /** https address that receives POST requests; reachable from the internet, without a user name in it */
  url: string;
  description?: string | undefined;
  event_types?: Array<string> | undefined;
}

export interface UpdateWebhookInput {
  /** https address that receives POST requests; reachable from the internet, without a user name in it */
  url?: string | undefined;
  description?: string | undefined;
  event_types?: Array<string> | undefined;
  status?: 'enabled' | 'disabled' | undefined;
}

export interface RotateWebhookSecretInput {
  /** How long the old secret signs, too */
  overlap_seconds?: number | undefined;
}

export interface ListWebhookDeliveriesInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  status?: 'pending' | 'delivered' | 'failed' | 'canceled' | undefined;
}

export interface GetUsageInput {
  /** Default: start of the present billing period */
  from?: string | undefined;
  /** Default: now */
  to?: string | undefined;
  project_id?: string | undefined;
}

export interface GetCostsInput {
  /** Default: start of the present billing period */
  from?: string | undefined;
  /** Default: now */
  to?: string | undefined;
  by?: string | undefined;
}

export interface ListIdleInput {
  /** Idle in each of the last so many minutes */
  minutes?: number | undefined;
  /** Idle is less utilization than this */
  threshold_percent?: number | undefined;
}

export interface SetIdlePolicyInput {
  enabled: boolean;
  threshold_percent?: number | undefined;
  idle_minutes?: number | undefined;
  warn_minutes?: number | undefined;
}

export interface ListUsageBlocksInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateTopUpInput {
  amount: string;
  method?: 'bank_transfer' | 'card' | 'alipay' | 'wechat_pay' | undefined;
  /** A saved card; default: the default one */
  payment_method_id?: string | undefined;
  /** Where the customer comes back to */
  return_url?: string | undefined;
}

export interface ListPaymentsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface ListLedgerInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface ListInvoicesInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface ListInvoiceEvidenceInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  /** Key of the line */
  key: string;
}

export interface ExportInvoiceInput {
  /** focus: FinOps Open Cost and Usage Specification */
  format?: 'lines' | 'focus' | undefined;
}

export interface GetInvoicePdfInput {
  /** Default: the organisation's language */
  locale?: 'en' | 'zh-CN' | undefined;
}

export interface ListCreditNotesInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
  invoice_id?: string | undefined;
}

export interface GetCreditNotePdfInput {
  /** Default: the organisation's language */
  locale?: 'en' | 'zh-CN' | undefined;
}

export interface UpdateBillingSettingsInput {
  auto_top_up: UpdateBillingSettingsAutoTopUp;
}

export interface PayInvoiceInput {
  method: 'card' | 'alipay' | 'wechat_pay';
  /** A saved card; default: the default one */
  payment_method_id?: string | undefined;
  /** Where the customer comes back to */
  return_url: string;
}

export interface AddPaymentMethodInput {
  /** Where the customer comes back to */
  return_url: string;
}

export interface ListBillingEventsInput {
  /** Items per page, 1 to 100 */
  limit?: number | undefined;
  /** next_cursor of the page before */
  cursor?: string | undefined;
}

export interface CreateBudgetInput {
  name: string;
  project_id?: string | undefined;
  /** Only what this API key has launched */
  api_key_id?: string | undefined;
  amount: string;
  thresholds?: Array<number> | undefined;
  hard?: boolean | undefined;
}

export interface UpdateBudgetInput {
  name?: string | undefined;
  amount?: string | undefined;
  thresholds?: Array<number> | undefined;
  hard?: boolean | undefined;
}

export interface RedeemCouponInput {
  coupon_code: string;
}

export interface RegionsApi {
  /** Regions and zones. */
  list(options?: CallOptions): Promise<ListRegionsResult>;
}

export interface AcceleratorsApi {
  /** Accelerator models. */
  list(options?: CallOptions): Promise<ListAcceleratorsResult>;
}

export interface OffersApi {
  /** What can be rented now: price and live stock by model and region. */
  list(input?: ListOffersInput, options?: CallOptions): Promise<ListOffersResult>;
}

export interface OrganizationsApi {
  /** Create an organization and its first project. */
  create(input: CreateOrganizationInput, options?: CallOptions): Promise<CreateOrganizationResult>;
  /** Read an organization. */
  get(organizationId: string, options?: CallOptions): Promise<Organization>;
  /** Change name, legal name, address or tax id. */
  update(organizationId: string, input?: UpdateOrganizationInput, options?: CallOptions): Promise<Organization>;
  /** Leave an organization. */
  leave(organizationId: string, options?: CallOptions): Promise<void>;
  /** Make a member an owner and yourself an admin. */
  transfer(organizationId: string, input: TransferOwnershipInput, options?: CallOptions): Promise<Member>;
  /** Close an organization for good; refused with blockers while something lives or is owed. */
  close(organizationId: string, input: CloseOrganizationInput, options?: CallOptions): Promise<void>;
}

export interface TestClockApi {
  /** Move a sandbox organization's billing time ahead; running workloads use the skipped time. */
  advance(organizationId: string, input: AdvanceTestClockInput, options?: CallOptions): Promise<Organization>;
}

export interface ProjectsApi {
  /** List projects. */
  list(input?: ListProjectsInput, options?: CallOptions): Listing<Project>;
  /** Create a project. */
  create(input: CreateProjectInput, options?: CallOptions): Promise<Project>;
  /** Read a project. */
  get(projectId: string, options?: CallOptions): Promise<Project>;
}

export interface AuditApi {
  /** Audit log, newest first. */
  list(input?: ListAuditEventsInput, options?: CallOptions): Listing<AuditEvent>;
  /** Audit log as lines of JSON, oldest first. */
  export(input?: ExportAuditEventsInput, options?: CallOptions): Promise<Uint8Array>;
  /** Compute the hashes of the audit log again. */
  verify(options?: CallOptions): Promise<AuditVerification>;
}

export interface PasswordApi {
  /** Ask for a mail to set a new password. */
  forgot(input: ForgotPasswordInput, options?: CallOptions): Promise<void>;
  /** Set a new password with the token of a mail. */
  reset(input: ResetPasswordInput, options?: CallOptions): Promise<void>;
  /** Change my password; other sessions end. */
  change(input: ChangePasswordInput, options?: CallOptions): Promise<void>;
}

export interface EmailApi {
  /** Confirm an e-mail address with the token of a mail. */
  verify(input: VerifyEmailInput, options?: CallOptions): Promise<void>;
  /** Send the mail that confirms my address. */
  send(options?: CallOptions): Promise<void>;
}

export interface AccountApi {
  /** How my account is secured. */
  security(options?: CallOptions): Promise<AccountSecurity>;
  /** Prove again that it is me, before something sensitive. */
  reauthenticate(input?: ReauthenticateInput, options?: CallOptions): Promise<Reauthentication>;
  /** Begin to add an authenticator app. */
  totpStart(options?: CallOptions): Promise<StartTotpResult>;
  /** Finish adding an authenticator app with its first code. */
  totpConfirm(input: ConfirmTotpInput, options?: CallOptions): Promise<ConfirmTotpResult>;
  /** Remove the authenticator app. */
  totpRemove(options?: CallOptions): Promise<void>;
  /** Make new recovery codes; the old ones end. */
  recoveryCodes(options?: CallOptions): Promise<RenewRecoveryCodesResult>;
  /** Begin to add a passkey. */
  passkeysStart(options?: CallOptions): Promise<PasskeyChallenge>;
  /** Add a passkey with the browser's answer. */
  passkeysAdd(input: AddPasskeyInput, options?: CallOptions): Promise<Passkey>;
  /** Remove a passkey. */
  passkeysRemove(passkeyId: string, options?: CallOptions): Promise<void>;
  /** Begin to prove with a passkey that it is me. */
  passkeysChallenge(options?: CallOptions): Promise<PasskeyChallenge>;
  /** Where I am signed in. */
  sessionsList(options?: CallOptions): Promise<ListSessionsResult>;
  /** End one of my sessions. */
  sessionsRevoke(sessionId: string, options?: CallOptions): Promise<void>;
  /** End all my other sessions. */
  sessionsRevokeOthers(options?: CallOptions): Promise<void>;
}

export interface DeviceApi {
  /** Ask to sign in a command line. */
  start(input: StartDeviceSignInInput, options?: CallOptions): Promise<StartDeviceSignInResult>;
  /** Fetch the API key of a device once it is approved. */
  poll(input: PollDeviceSignInInput, options?: CallOptions): Promise<PollDeviceSignInResult>;
  /** Who asks with this code. */
  lookUp(input: LookUpDeviceInput, options?: CallOptions): Promise<DeviceRequest>;
  /** Refuse a device. */
  deny(input: DenyDeviceInput, options?: CallOptions): Promise<void>;
  /** Let a device have an API key of limited life. */
  approve(input: ApproveDeviceInput, options?: CallOptions): Promise<void>;
}

export interface MembersApi {
  /** List members. */
  list(input?: ListMembersInput, options?: CallOptions): Listing<Member>;
  /** Read a member. */
  get(membershipId: string, options?: CallOptions): Promise<Member>;
  /** Change a member's role, to none above your own. */
  update(membershipId: string, input: UpdateMemberInput, options?: CallOptions): Promise<Member>;
  /** Remove a member; their sessions act here no more. */
  remove(membershipId: string, options?: CallOptions): Promise<void>;
}

export interface ProjectMembersApi {
  /** Members with a role in a project. */
  list(projectId: string, options?: CallOptions): Promise<ListProjectMembersResult>;
  /** Give a member a role in a project, or change it. */
  set(projectId: string, input: SetProjectMemberInput, options?: CallOptions): Promise<ProjectMember>;
  /** Take a member's role in a project away. */
  remove(projectId: string, membershipId: string, options?: CallOptions): Promise<void>;
}

export interface InvitationsApi {
  /** List invitations, newest first. */
  list(input?: ListInvitationsInput, options?: CallOptions): Listing<Invitation>;
  /** Invite an address by mail; the link lives 72 hours. */
  create(input: CreateInvitationInput, options?: CallOptions): Promise<Invitation>;
  /** Read an invitation. */
  get(invitationId: string, options?: CallOptions): Promise<Invitation>;
  /** Send the mail again, with a new link; the old one ends. */
  resend(invitationId: string, options?: CallOptions): Promise<Invitation>;
  /** Take an invitation back. */
  revoke(invitationId: string, options?: CallOptions): Promise<void>;
  /** Accept an invitation to your verified address. */
  accept(input: AcceptInvitationInput, options?: CallOptions): Promise<AcceptedInvitation>;
}

export interface QuotasApi {
  /** Quotas and what is used of them. */
  list(options?: CallOptions): Promise<ListQuotasResult>;
  /** Set or lift a project's own limit inside the organization's quota. */
  set(projectId: string, input: SetProjectQuotaInput, options?: CallOptions): Promise<SetProjectQuotaResult>;
}

export interface QuotaRequestsApi {
  /** Requests for higher quotas, newest first. */
  list(input?: ListQuotaRequestsInput, options?: CallOptions): Listing<QuotaRequest>;
  /** Ask for a higher quota. */
  create(input: CreateQuotaRequestInput, options?: CallOptions): Promise<QuotaRequest>;
  /** Read a request for a higher quota. */
  get(quotaRequestId: string, options?: CallOptions): Promise<QuotaRequest>;
  /** Take a request for a higher quota back. */
  withdraw(quotaRequestId: string, options?: CallOptions): Promise<void>;
}

export interface FapiaoApi {
  /** Ask for a fapiao over what was paid on an invoice. */
  request(invoiceId: string, input: CreateFapiaoRequestInput, options?: CallOptions): Promise<FapiaoRequest>;
  /** Requests for a fapiao, newest first. */
  list(input?: ListFapiaoRequestsInput, options?: CallOptions): Listing<FapiaoRequest>;
  /** Read a request for a fapiao. */
  get(fapiaoRequestId: string, options?: CallOptions): Promise<FapiaoRequest>;
}

export interface ImpersonationsApi {
  /** Who of the operator looked into the organization, newest first. */
  list(options?: CallOptions): Promise<ListImpersonationsResult>;
  /** Let an operator look in, for the time that was asked for. */
  consent(impersonationId: string, options?: CallOptions): Promise<Impersonation>;
  /** Refuse an operator, or end it at once. */
  end(impersonationId: string, options?: CallOptions): Promise<Impersonation>;
}

export interface SshKeysApi {
  /** List SSH keys. */
  list(input?: ListSshKeysInput, options?: CallOptions): Listing<SshKey>;
  /** Add an SSH public key. */
  create(input: CreateSshKeyInput, options?: CallOptions): Promise<SshKey>;
  /** Read an SSH key. */
  get(sshKeyId: string, options?: CallOptions): Promise<SshKey>;
  /** Delete an SSH key. */
  delete(sshKeyId: string, options?: CallOptions): Promise<void>;
}

export interface ApiKeysApi {
  /** List API keys. */
  list(input?: ListApiKeysInput, options?: CallOptions): Listing<ApiKey>;
  /** List who still calls operations that are going. */
  deprecatedCalls(options?: CallOptions): Promise<ListDeprecatedCallsResult>;
  /** Create an API key; its secret is shown once. */
  create(input: CreateApiKeyInput, options?: CallOptions): Promise<CreateApiKeyResult>;
  /** Read an API key. */
  get(apiKeyId: string, options?: CallOptions): Promise<ApiKey>;
  /** Change the name of an API key or the networks it may be used from. */
  update(apiKeyId: string, input?: UpdateApiKeyInput, options?: CallOptions): Promise<ApiKey>;
  /** Replace an API key by a new one with the same rights; both open until the overlap ends. */
  roll(apiKeyId: string, input?: RollApiKeyInput, options?: CallOptions): Promise<RollApiKeyResult>;
  /** Revoke an API key at once. */
  revoke(apiKeyId: string, options?: CallOptions): Promise<void>;
}

export interface SecretScanningApi {
  /** Report keys that were found in public: real ones are revoked at once and their owners told. */
  report(input: ReportLeakedKeysInput, options?: CallOptions): Promise<ReportLeakedKeysResult>;
}

export interface InstancesApi {
  /** Launch an instance. */
  create(input: CreateInstanceInput, options?: CallOptions): Promise<Instance>;
  /** List instances, newest first. */
  list(input?: ListInstancesInput, options?: CallOptions): Listing<Instance>;
  /** Read an instance. */
  get(instanceId: string, options?: CallOptions): Promise<Instance>;
  /** Change labels, protection, or how it is scheduled. */
  update(instanceId: string, input?: UpdateInstanceInput, options?: CallOptions): Promise<Instance>;
  /** Stop; compute billing ends at once. */
  stop(instanceId: string, options?: CallOptions): Promise<Instance>;
  /** Start a stopped instance on any equal node. */
  start(instanceId: string, options?: CallOptions): Promise<Instance>;
  /** Terminate for good. */
  terminate(instanceId: string, options?: CallOptions): Promise<Instance>;
  /** State history with actor and cause. */
  events(instanceId: string, options?: CallOptions): Promise<ListInstanceEventsResult>;
  /** Per-second utilization, live. */
  metrics(instanceId: string, input?: GetInstanceMetricsInput, options?: CallOptions): Promise<Metrics>;
  /** Running cost to the second. */
  cost(instanceId: string, options?: CallOptions): Promise<Cost>;
  /** Workload log. */
  logs(instanceId: string, input?: GetInstanceLogsInput, options?: CallOptions): Promise<Logs>;
  /** A ticket for a terminal, or for one command, over a WebSocket. */
  ticket(instanceId: string, input?: OpenInstanceTerminalInput, options?: CallOptions): Promise<TerminalTicket>;
}

export interface ClustersApi {
  /** Launch a cluster: all nodes or none. */
  create(input: CreateClusterInput, options?: CallOptions): Promise<Cluster>;
  /** List clusters, newest first. */
  list(input?: ListClustersInput, options?: CallOptions): Listing<Cluster>;
  /** Read a cluster and its nodes. */
  get(clusterId: string, options?: CallOptions): Promise<Cluster>;
  /** Change labels, protection, or how it is scheduled. */
  update(clusterId: string, input?: UpdateClusterInput, options?: CallOptions): Promise<Cluster>;
  /** Stop every node; compute billing ends at once. */
  stop(clusterId: string, options?: CallOptions): Promise<Cluster>;
  /** Start a stopped cluster: all nodes or none. */
  start(clusterId: string, options?: CallOptions): Promise<Cluster>;
  /** Terminate for good. */
  terminate(clusterId: string, options?: CallOptions): Promise<Cluster>;
  /** State history with actor and cause. */
  events(clusterId: string, options?: CallOptions): Promise<ListClusterEventsResult>;
  /** Per-second utilization of every node, live. */
  metrics(clusterId: string, input?: GetClusterMetricsInput, options?: CallOptions): Promise<Metrics>;
  /** Running cost to the second. */
  cost(clusterId: string, options?: CallOptions): Promise<Cost>;
  /** Log of a node. */
  logs(clusterId: string, input?: GetClusterLogsInput, options?: CallOptions): Promise<Logs>;
  /** How the processes of a cluster find each other. */
  rendezvous(clusterId: string, options?: CallOptions): Promise<Rendezvous>;
  /** A ticket for a terminal, or one command, on a node of a cluster. */
  ticket(clusterId: string, input?: OpenClusterTerminalInput, options?: CallOptions): Promise<TerminalTicket>;
}

export interface OperationsApi {
  /** Read an operation and its steps. */
  get(operationId: string, options?: CallOptions): Promise<Operation>;
  /** List operations, newest first. */
  list(input?: ListOperationsInput, options?: CallOptions): Listing<Operation>;
}

export interface QueueApi {
  /** What waits for accelerators, longest first. */
  list(input?: ListQueueInput, options?: CallOptions): Listing<QueueEntry>;
  /** Why one instance or cluster waits, and when it will start. */
  get(resourceId: string, options?: CallOptions): Promise<QueueEntry>;
  /** Priority classes, highest first. */
  classes(options?: CallOptions): Promise<ListPriorityClassesResult>;
}

export interface SharesApi {
  /** Shares of the organization and its projects. */
  get(options?: CallOptions): Promise<GetSharesResult>;
  /** Change a project's share of the organization. */
  update(projectId: string, input?: UpdateProjectShareInput, options?: CallOptions): Promise<Share>;
}

export interface EventsApi {
  /** What changed in the last 30 days, newest first. */
  list(input?: ListEventsInput, options?: CallOptions): Listing<Event>;
  /** Events as they happen (server-sent events); Last-Event-ID goes on where a stream ended. */
  stream(input?: StreamEventsInput, options?: StreamOptions): AsyncIterable<Event>;
}

export interface WebhooksApi {
  /** List webhooks. */
  list(input?: ListWebhooksInput, options?: CallOptions): Listing<Webhook>;
  /** Have events sent to an address; the secret is shown once. */
  create(input: CreateWebhookInput, options?: CallOptions): Promise<CreateWebhookResult>;
  /** Read a webhook. */
  get(webhookId: string, options?: CallOptions): Promise<Webhook>;
  /** Change a webhook, turn it off or on again. */
  update(webhookId: string, input?: UpdateWebhookInput, options?: CallOptions): Promise<Webhook>;
  /** Delete a webhook; what was not delivered yet is not sent. */
  delete(webhookId: string, options?: CallOptions): Promise<void>;
  /** A new secret; both sign while they overlap. */
  rotateSecret(webhookId: string, input?: RotateWebhookSecretInput, options?: CallOptions): Promise<RotateWebhookSecretResult>;
  /** Send a test event. */
  probe(webhookId: string, options?: CallOptions): Promise<WebhookDelivery>;
  /** What was sent, with every attempt, newest first. */
  deliveries(webhookId: string, input?: ListWebhookDeliveriesInput, options?: CallOptions): Listing<WebhookDelivery>;
  /** Send it again. */
  replay(webhookId: string, deliveryId: string, options?: CallOptions): Promise<WebhookDelivery>;
}

export interface UsageApi {
  /** Usage to the second, with cost. */
  get(input?: GetUsageInput, options?: CallOptions): Promise<UsageReport>;
  /** Cost by project, workload, SKU, day, creator or label. */
  costs(input?: GetCostsInput, options?: CallOptions): Promise<CostReport>;
  /** Accelerators that do nothing, and the money they burn. */
  idle(input?: ListIdleInput, options?: CallOptions): Promise<IdleReport>;
  /** The usage blocks of one allocation. */
  blocks(allocationId: string, input?: ListUsageBlocksInput, options?: CallOptions): Listing<EvidenceBlock>;
}

export interface IdlePoliciesApi {
  /** What becomes of idle workloads, by project. */
  list(options?: CallOptions): Promise<ListIdlePoliciesResult>;
  /** Stop idle workloads of a project, after a warning. */
  set(projectId: string, input: SetIdlePolicyInput, options?: CallOptions): Promise<IdlePolicy>;
}

export interface BillingApi {
  /** Balance, unbilled usage and runway. */
  balance(options?: CallOptions): Promise<Balance>;
  /** Add to the balance: at once in a sandbox, else online or by bank transfer that the operator confirms. */
  topUp(input: CreateTopUpInput, options?: CallOptions): Promise<Payment>;
  /** Payments, newest first. */
  payments(input?: ListPaymentsInput, options?: CallOptions): Listing<Payment>;
  /** What changed the balance, newest first. */
  ledger(input?: ListLedgerInput, options?: CallOptions): Listing<LedgerLine>;
  /** How the account pays, and what happens when the money runs out. */
  settings(options?: CallOptions): Promise<BillingSettings>;
  /** Set up automatic top-up. */
  settingsUpdate(input: UpdateBillingSettingsInput, options?: CallOptions): Promise<BillingSettings>;
  /** One payment, with what the customer still has to do. */
  payment(paymentId: string, options?: CallOptions): Promise<Payment>;
  /** Saved cards. */
  paymentMethods(options?: CallOptions): Promise<ListPaymentMethodsResult>;
  /** Save a card on the page of the provider. */
  paymentMethodsAdd(input: AddPaymentMethodInput, options?: CallOptions): Promise<PaymentMethod>;
  /** Forget a saved card. */
  paymentMethodsRemove(paymentMethodId: string, options?: CallOptions): Promise<void>;
  /** Promotional credit: what is left, and until when. */
  credits(options?: CallOptions): Promise<ListCreditGrantsResult>;
  /** Forecast of the running period, and how long the money lasts. */
  forecast(options?: CallOptions): Promise<Forecast>;
  /** Warnings and budget alerts, newest first. */
  events(input?: ListBillingEventsInput, options?: CallOptions): Listing<BillingEvent>;
  /** Redeem a promotional code for credit, once. */
  redeem(input: RedeemCouponInput, options?: CallOptions): Promise<CreditGrant>;
  /** Prices and commitment that the account has agreed on. */
  terms(options?: CallOptions): Promise<BillingTerms>;
}

export interface InvoicesApi {
  /** Invoices, newest first, those not final yet on top. */
  list(input?: ListInvoicesInput, options?: CallOptions): Listing<InvoiceSummary>;
  /** Read an invoice with its lines. */
  get(invoiceId: string, options?: CallOptions): Promise<Invoice>;
  /** The usage blocks a line was made of. */
  evidence(invoiceId: string, input: ListInvoiceEvidenceInput, options?: CallOptions): Listing<EvidenceBlock>;
  /** Prices, terms and seals, to derive the invoice again. */
  proof(invoiceId: string, options?: CallOptions): Promise<InvoiceProof>;
  /** The invoice as CSV: lines, or rows of FOCUS. */
  csv(invoiceId: string, input?: ExportInvoiceInput, options?: CallOptions): Promise<Uint8Array>;
  /** The invoice as PDF. */
  pdf(invoiceId: string, input?: GetInvoicePdfInput, options?: CallOptions): Promise<Uint8Array>;
  /** Pay what is due on an invoice online. */
  pay(invoiceId: string, input: PayInvoiceInput, options?: CallOptions): Promise<Payment>;
}

export interface CreditNotesApi {
  /** Credit notes, newest first. */
  list(input?: ListCreditNotesInput, options?: CallOptions): Listing<CreditNoteSummary>;
  /** Read a credit note with its lines. */
  get(creditNoteId: string, options?: CallOptions): Promise<CreditNote>;
  /** The credit note as PDF. */
  pdf(creditNoteId: string, input?: GetCreditNotePdfInput, options?: CallOptions): Promise<Uint8Array>;
}

export interface BudgetsApi {
  /** Budgets with what is spent and forecast. */
  list(options?: CallOptions): Promise<ListBudgetsResult>;
  /** Create a budget. */
  create(input: CreateBudgetInput, options?: CallOptions): Promise<Budget>;
  /** Change a budget, or make it a spend cap. */
  update(budgetId: string, input?: UpdateBudgetInput, options?: CallOptions): Promise<Budget>;
  /** Delete a budget. */
  delete(budgetId: string, options?: CallOptions): Promise<void>;
}

/** Every operation of the API, by the words of the command line. */
export interface Api {
  readonly regions: RegionsApi;
  readonly accelerators: AcceleratorsApi;
  readonly offers: OffersApi;
  readonly organizations: OrganizationsApi;
  readonly testClock: TestClockApi;
  readonly projects: ProjectsApi;
  readonly audit: AuditApi;
  readonly password: PasswordApi;
  readonly email: EmailApi;
  readonly account: AccountApi;
  readonly device: DeviceApi;
  readonly members: MembersApi;
  readonly projectMembers: ProjectMembersApi;
  readonly invitations: InvitationsApi;
  readonly quotas: QuotasApi;
  readonly quotaRequests: QuotaRequestsApi;
  readonly fapiao: FapiaoApi;
  readonly impersonations: ImpersonationsApi;
  readonly sshKeys: SshKeysApi;
  readonly apiKeys: ApiKeysApi;
  readonly secretScanning: SecretScanningApi;
  readonly instances: InstancesApi;
  readonly clusters: ClustersApi;
  readonly operations: OperationsApi;
  readonly queue: QueueApi;
  readonly shares: SharesApi;
  readonly events: EventsApi;
  readonly webhooks: WebhooksApi;
  readonly usage: UsageApi;
  readonly idlePolicies: IdlePoliciesApi;
  readonly billing: BillingApi;
  readonly invoices: InvoicesApi;
  readonly creditNotes: CreditNotesApi;
  readonly budgets: BudgetsApi;
  /** Create a person and sign in. */
  signUp(input: SignUpInput, options?: CallOptions): Promise<Session>;
  /** Sign in with e-mail and password. */
  signIn(input: SignInInput, options?: CallOptions): Promise<Session>;
  /** End this session. */
  signOut(options?: CallOptions): Promise<void>;
  /** Who am I, and where may I act. */
  whoami(options?: CallOptions): Promise<Me>;
  /** Finish signing in with a second factor or a passkey. */
  signInMfa(input: CompleteSignInInput, options?: CallOptions): Promise<Session>;
  /** Begin to sign in with a passkey. */
  passkeyChallenge(options?: CallOptions): Promise<PasskeyChallenge>;
}

export const OPERATIONS: readonly Row[] = [
  {"id":"listRegions","name":["regions","list"],"method":"GET","path":"/v1/regions","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listAccelerators","name":["accelerators","list"],"method":"GET","path":"/v1/accelerators","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listOffers","name":["offers","list"],"method":"GET","path":"/v1/offers","idempotency":"none","query":["region_id","accelerator_id","currency"],"body":false,"result":"value"},
  {"id":"signUp","name":["signUp"],"method":"POST","path":"/v1/auth/sign-up","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"signIn","name":["signIn"],"method":"POST","path":"/v1/auth/sign-in","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"signOut","name":["signOut"],"method":"POST","path":"/v1/auth/sign-out","idempotency":"none","query":[],"body":false,"result":"none"},
  {"id":"getMe","name":["whoami"],"method":"GET","path":"/v1/me","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"createOrganization","name":["organizations","create"],"method":"POST","path":"/v1/organizations","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getOrganization","name":["organizations","get"],"method":"GET","path":"/v1/organizations/{organization_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateOrganization","name":["organizations","update"],"method":"PATCH","path":"/v1/organizations/{organization_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"advanceTestClock","name":["testClock","advance"],"method":"POST","path":"/v1/organizations/{organization_id}/test-clock/advance","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"listProjects","name":["projects","list"],"method":"GET","path":"/v1/projects","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"createProject","name":["projects","create"],"method":"POST","path":"/v1/projects","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getProject","name":["projects","get"],"method":"GET","path":"/v1/projects/{project_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listAuditEvents","name":["audit","list"],"method":"GET","path":"/v1/audit-events","idempotency":"none","query":["limit","cursor","include","action","actor","resource","result"],"body":false,"result":"page"},
  {"id":"exportAuditEvents","name":["audit","export"],"method":"GET","path":"/v1/audit-events/export","idempotency":"none","query":["from_seq","count"],"body":false,"result":"bytes"},
  {"id":"verifyAuditChain","name":["audit","verify"],"method":"GET","path":"/v1/audit-events/verification","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"completeSignIn","name":["signInMfa"],"method":"POST","path":"/v1/auth/sign-in/mfa","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"startPasskeySignIn","name":["passkeyChallenge"],"method":"POST","path":"/v1/auth/passkey","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"forgotPassword","name":["password","forgot"],"method":"POST","path":"/v1/auth/password/forgot","idempotency":"none","query":[],"body":true,"result":"none"},
  {"id":"resetPassword","name":["password","reset"],"method":"POST","path":"/v1/auth/password/reset","idempotency":"none","query":[],"body":true,"result":"none"},
  {"id":"verifyEmail","name":["email","verify"],"method":"POST","path":"/v1/auth/email/verify","idempotency":"none","query":[],"body":true,"result":"none"},
  {"id":"sendVerification","name":["email","send"],"method":"POST","path":"/v1/me/email/verification","idempotency":"none","query":[],"body":false,"result":"none"},
  {"id":"getAccountSecurity","name":["account","security"],"method":"GET","path":"/v1/me/security","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"changePassword","name":["password","change"],"method":"POST","path":"/v1/me/password","idempotency":"none","query":[],"body":true,"result":"none"},
  {"id":"reauthenticate","name":["account","reauthenticate"],"method":"POST","path":"/v1/me/reauthenticate","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"startTotp","name":["account","totpStart"],"method":"POST","path":"/v1/me/totp","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"confirmTotp","name":["account","totpConfirm"],"method":"POST","path":"/v1/me/totp/confirm","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"removeTotp","name":["account","totpRemove"],"method":"DELETE","path":"/v1/me/totp","idempotency":"none","query":[],"body":false,"result":"none"},
  {"id":"renewRecoveryCodes","name":["account","recoveryCodes"],"method":"POST","path":"/v1/me/recovery-codes","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"startPasskey","name":["account","passkeysStart"],"method":"POST","path":"/v1/me/passkeys/options","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"addPasskey","name":["account","passkeysAdd"],"method":"POST","path":"/v1/me/passkeys","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"removePasskey","name":["account","passkeysRemove"],"method":"DELETE","path":"/v1/me/passkeys/{passkey_id}","idempotency":"none","query":[],"body":false,"result":"none"},
  {"id":"startPasskeyProof","name":["account","passkeysChallenge"],"method":"POST","path":"/v1/me/passkeys/challenge","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listSessions","name":["account","sessionsList"],"method":"GET","path":"/v1/me/sessions","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"revokeSession","name":["account","sessionsRevoke"],"method":"DELETE","path":"/v1/me/sessions/{session_id}","idempotency":"none","query":[],"body":false,"result":"none"},
  {"id":"signOutEverywhere","name":["account","sessionsRevokeOthers"],"method":"POST","path":"/v1/me/sessions/revoke-others","idempotency":"none","query":[],"body":false,"result":"none"},
  {"id":"startDeviceSignIn","name":["device","start"],"method":"POST","path":"/v1/auth/device","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"pollDeviceSignIn","name":["device","poll"],"method":"POST","path":"/v1/auth/device/token","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"lookUpDevice","name":["device","lookUp"],"method":"POST","path":"/v1/me/device-requests/look-up","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"denyDevice","name":["device","deny"],"method":"POST","path":"/v1/me/device-requests/deny","idempotency":"none","query":[],"body":true,"result":"none"},
  {"id":"approveDevice","name":["device","approve"],"method":"POST","path":"/v1/device-requests/approve","idempotency":"none","query":[],"body":true,"result":"none"},
  {"id":"listMembers","name":["members","list"],"method":"GET","path":"/v1/members","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"getMember","name":["members","get"],"method":"GET","path":"/v1/members/{membership_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateMember","name":["members","update"],"method":"PATCH","path":"/v1/members/{membership_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"removeMember","name":["members","remove"],"method":"DELETE","path":"/v1/members/{membership_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"leaveOrganization","name":["organizations","leave"],"method":"POST","path":"/v1/organizations/{organization_id}/leave","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"transferOwnership","name":["organizations","transfer"],"method":"POST","path":"/v1/organizations/{organization_id}/transfer-ownership","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"closeOrganization","name":["organizations","close"],"method":"POST","path":"/v1/organizations/{organization_id}/close","idempotency":"accepted","query":[],"body":true,"result":"none"},
  {"id":"listProjectMembers","name":["projectMembers","list"],"method":"GET","path":"/v1/projects/{project_id}/members","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"setProjectMember","name":["projectMembers","set"],"method":"POST","path":"/v1/projects/{project_id}/members","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"removeProjectMember","name":["projectMembers","remove"],"method":"DELETE","path":"/v1/projects/{project_id}/members/{membership_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"listInvitations","name":["invitations","list"],"method":"GET","path":"/v1/invitations","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"createInvitation","name":["invitations","create"],"method":"POST","path":"/v1/invitations","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getInvitation","name":["invitations","get"],"method":"GET","path":"/v1/invitations/{invitation_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"resendInvitation","name":["invitations","resend"],"method":"POST","path":"/v1/invitations/{invitation_id}/resend","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"revokeInvitation","name":["invitations","revoke"],"method":"DELETE","path":"/v1/invitations/{invitation_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"acceptInvitation","name":["invitations","accept"],"method":"POST","path":"/v1/invitations/accept","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"listQuotas","name":["quotas","list"],"method":"GET","path":"/v1/quotas","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"setProjectQuota","name":["quotas","set"],"method":"POST","path":"/v1/projects/{project_id}/quotas","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"listQuotaRequests","name":["quotaRequests","list"],"method":"GET","path":"/v1/quota-requests","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"createQuotaRequest","name":["quotaRequests","create"],"method":"POST","path":"/v1/quota-requests","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getQuotaRequest","name":["quotaRequests","get"],"method":"GET","path":"/v1/quota-requests/{quota_request_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"withdrawQuotaRequest","name":["quotaRequests","withdraw"],"method":"DELETE","path":"/v1/quota-requests/{quota_request_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"createFapiaoRequest","name":["fapiao","request"],"method":"POST","path":"/v1/invoices/{invoice_id}/fapiao-requests","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"listFapiaoRequests","name":["fapiao","list"],"method":"GET","path":"/v1/fapiao-requests","idempotency":"none","query":["limit","cursor","include","invoice_id"],"body":false,"result":"page"},
  {"id":"getFapiaoRequest","name":["fapiao","get"],"method":"GET","path":"/v1/fapiao-requests/{fapiao_request_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listImpersonations","name":["impersonations","list"],"method":"GET","path":"/v1/impersonations","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"consentToImpersonation","name":["impersonations","consent"],"method":"POST","path":"/v1/impersonations/{impersonation_id}/consent","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"endImpersonation","name":["impersonations","end"],"method":"POST","path":"/v1/impersonations/{impersonation_id}/end","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"listSshKeys","name":["sshKeys","list"],"method":"GET","path":"/v1/ssh-keys","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"createSshKey","name":["sshKeys","create"],"method":"POST","path":"/v1/ssh-keys","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getSshKey","name":["sshKeys","get"],"method":"GET","path":"/v1/ssh-keys/{ssh_key_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"deleteSshKey","name":["sshKeys","delete"],"method":"DELETE","path":"/v1/ssh-keys/{ssh_key_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"listApiKeys","name":["apiKeys","list"],"method":"GET","path":"/v1/api-keys","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"listDeprecatedCalls","name":["apiKeys","deprecatedCalls"],"method":"GET","path":"/v1/api-keys/deprecated-calls","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"createApiKey","name":["apiKeys","create"],"method":"POST","path":"/v1/api-keys","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getApiKey","name":["apiKeys","get"],"method":"GET","path":"/v1/api-keys/{api_key_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateApiKey","name":["apiKeys","update"],"method":"PATCH","path":"/v1/api-keys/{api_key_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"rollApiKey","name":["apiKeys","roll"],"method":"POST","path":"/v1/api-keys/{api_key_id}/roll","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"reportLeakedKeys","name":["secretScanning","report"],"method":"POST","path":"/v1/secret-scanning/report","idempotency":"none","query":[],"body":true,"result":"value"},
  {"id":"revokeApiKey","name":["apiKeys","revoke"],"method":"DELETE","path":"/v1/api-keys/{api_key_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"createInstance","name":["instances","create"],"method":"POST","path":"/v1/instances","idempotency":"required","query":["validate_only"],"body":true,"result":"value"},
  {"id":"listInstances","name":["instances","list"],"method":"GET","path":"/v1/instances","idempotency":"none","query":["limit","cursor","include","project_id","state","q","live"],"body":false,"result":"page"},
  {"id":"getInstance","name":["instances","get"],"method":"GET","path":"/v1/instances/{instance_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateInstance","name":["instances","update"],"method":"PATCH","path":"/v1/instances/{instance_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"stopInstance","name":["instances","stop"],"method":"POST","path":"/v1/instances/{instance_id}/stop","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"startInstance","name":["instances","start"],"method":"POST","path":"/v1/instances/{instance_id}/start","idempotency":"required","query":[],"body":false,"result":"value"},
  {"id":"terminateInstance","name":["instances","terminate"],"method":"DELETE","path":"/v1/instances/{instance_id}","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"listInstanceEvents","name":["instances","events"],"method":"GET","path":"/v1/instances/{instance_id}/events","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getInstanceMetrics","name":["instances","metrics"],"method":"GET","path":"/v1/instances/{instance_id}/metrics","idempotency":"none","query":["from_s","to_s"],"body":false,"result":"value"},
  {"id":"getInstanceCost","name":["instances","cost"],"method":"GET","path":"/v1/instances/{instance_id}/cost","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getInstanceLogs","name":["instances","logs"],"method":"GET","path":"/v1/instances/{instance_id}/logs","idempotency":"none","query":["rank","tail","since","cursor"],"body":false,"result":"value"},
  {"id":"openInstanceTerminal","name":["instances","ticket"],"method":"POST","path":"/v1/instances/{instance_id}/terminal","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"createCluster","name":["clusters","create"],"method":"POST","path":"/v1/clusters","idempotency":"required","query":["validate_only"],"body":true,"result":"value"},
  {"id":"listClusters","name":["clusters","list"],"method":"GET","path":"/v1/clusters","idempotency":"none","query":["limit","cursor","include","project_id","state","q","live"],"body":false,"result":"page"},
  {"id":"getCluster","name":["clusters","get"],"method":"GET","path":"/v1/clusters/{cluster_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateCluster","name":["clusters","update"],"method":"PATCH","path":"/v1/clusters/{cluster_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"stopCluster","name":["clusters","stop"],"method":"POST","path":"/v1/clusters/{cluster_id}/stop","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"startCluster","name":["clusters","start"],"method":"POST","path":"/v1/clusters/{cluster_id}/start","idempotency":"required","query":[],"body":false,"result":"value"},
  {"id":"terminateCluster","name":["clusters","terminate"],"method":"DELETE","path":"/v1/clusters/{cluster_id}","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"listClusterEvents","name":["clusters","events"],"method":"GET","path":"/v1/clusters/{cluster_id}/events","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getClusterMetrics","name":["clusters","metrics"],"method":"GET","path":"/v1/clusters/{cluster_id}/metrics","idempotency":"none","query":["from_s","to_s"],"body":false,"result":"value"},
  {"id":"getClusterCost","name":["clusters","cost"],"method":"GET","path":"/v1/clusters/{cluster_id}/cost","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getClusterLogs","name":["clusters","logs"],"method":"GET","path":"/v1/clusters/{cluster_id}/logs","idempotency":"none","query":["rank","tail","since","cursor"],"body":false,"result":"value"},
  {"id":"getClusterRendezvous","name":["clusters","rendezvous"],"method":"GET","path":"/v1/clusters/{cluster_id}/rendezvous","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"openClusterTerminal","name":["clusters","ticket"],"method":"POST","path":"/v1/clusters/{cluster_id}/terminal","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getOperation","name":["operations","get"],"method":"GET","path":"/v1/operations/{operation_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listOperations","name":["operations","list"],"method":"GET","path":"/v1/operations","idempotency":"none","query":["limit","cursor","include","resource_id"],"body":false,"result":"page"},
  {"id":"listQueue","name":["queue","list"],"method":"GET","path":"/v1/queue","idempotency":"none","query":["limit","cursor","include","project_id","region_id"],"body":false,"result":"page"},
  {"id":"getQueueEntry","name":["queue","get"],"method":"GET","path":"/v1/queue/{resource_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listPriorityClasses","name":["queue","classes"],"method":"GET","path":"/v1/priority-classes","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getShares","name":["shares","get"],"method":"GET","path":"/v1/shares","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateProjectShare","name":["shares","update"],"method":"PATCH","path":"/v1/projects/{project_id}/share","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"listEvents","name":["events","list"],"method":"GET","path":"/v1/events","idempotency":"none","query":["limit","cursor","type","resource","actor","since","until"],"body":false,"result":"page"},
  {"id":"streamEvents","name":["events","stream"],"method":"GET","path":"/v1/events/stream","idempotency":"none","query":["type","max_seconds"],"body":false,"result":"events"},
  {"id":"listWebhooks","name":["webhooks","list"],"method":"GET","path":"/v1/webhooks","idempotency":"none","query":["limit","cursor"],"body":false,"result":"page"},
  {"id":"createWebhook","name":["webhooks","create"],"method":"POST","path":"/v1/webhooks","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getWebhook","name":["webhooks","get"],"method":"GET","path":"/v1/webhooks/{webhook_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateWebhook","name":["webhooks","update"],"method":"PATCH","path":"/v1/webhooks/{webhook_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"deleteWebhook","name":["webhooks","delete"],"method":"DELETE","path":"/v1/webhooks/{webhook_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"rotateWebhookSecret","name":["webhooks","rotateSecret"],"method":"POST","path":"/v1/webhooks/{webhook_id}/rotate-secret","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"probeWebhook","name":["webhooks","probe"],"method":"POST","path":"/v1/webhooks/{webhook_id}/probe","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"listWebhookDeliveries","name":["webhooks","deliveries"],"method":"GET","path":"/v1/webhooks/{webhook_id}/deliveries","idempotency":"none","query":["limit","cursor","status"],"body":false,"result":"page"},
  {"id":"replayWebhookDelivery","name":["webhooks","replay"],"method":"POST","path":"/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay","idempotency":"accepted","query":[],"body":false,"result":"value"},
  {"id":"getUsage","name":["usage","get"],"method":"GET","path":"/v1/usage","idempotency":"none","query":["from","to","project_id"],"body":false,"result":"value"},
  {"id":"getCosts","name":["usage","costs"],"method":"GET","path":"/v1/usage/costs","idempotency":"none","query":["from","to","by"],"body":false,"result":"value"},
  {"id":"listIdle","name":["usage","idle"],"method":"GET","path":"/v1/usage/idle","idempotency":"none","query":["minutes","threshold_percent"],"body":false,"result":"value"},
  {"id":"listIdlePolicies","name":["idlePolicies","list"],"method":"GET","path":"/v1/idle-policies","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"setIdlePolicy","name":["idlePolicies","set"],"method":"POST","path":"/v1/projects/{project_id}/idle-policy","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"listUsageBlocks","name":["usage","blocks"],"method":"GET","path":"/v1/allocations/{allocation_id}/blocks","idempotency":"none","query":["limit","cursor"],"body":false,"result":"page"},
  {"id":"getBalance","name":["billing","balance"],"method":"GET","path":"/v1/billing/balance","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"createTopUp","name":["billing","topUp"],"method":"POST","path":"/v1/billing/top-ups","idempotency":"required","query":[],"body":true,"result":"value"},
  {"id":"listPayments","name":["billing","payments"],"method":"GET","path":"/v1/billing/payments","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"listLedger","name":["billing","ledger"],"method":"GET","path":"/v1/billing/ledger","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"listInvoices","name":["invoices","list"],"method":"GET","path":"/v1/invoices","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"getInvoice","name":["invoices","get"],"method":"GET","path":"/v1/invoices/{invoice_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listInvoiceEvidence","name":["invoices","evidence"],"method":"GET","path":"/v1/invoices/{invoice_id}/evidence","idempotency":"none","query":["limit","cursor","key"],"body":false,"result":"page"},
  {"id":"getInvoiceProof","name":["invoices","proof"],"method":"GET","path":"/v1/invoices/{invoice_id}/proof","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"exportInvoice","name":["invoices","csv"],"method":"GET","path":"/v1/invoices/{invoice_id}/csv","idempotency":"none","query":["format"],"body":false,"result":"bytes"},
  {"id":"getInvoicePdf","name":["invoices","pdf"],"method":"GET","path":"/v1/invoices/{invoice_id}/pdf","idempotency":"none","query":["locale"],"body":false,"result":"bytes"},
  {"id":"listCreditNotes","name":["creditNotes","list"],"method":"GET","path":"/v1/credit-notes","idempotency":"none","query":["limit","cursor","include","invoice_id"],"body":false,"result":"page"},
  {"id":"getCreditNote","name":["creditNotes","get"],"method":"GET","path":"/v1/credit-notes/{credit_note_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getCreditNotePdf","name":["creditNotes","pdf"],"method":"GET","path":"/v1/credit-notes/{credit_note_id}/pdf","idempotency":"none","query":["locale"],"body":false,"result":"bytes"},
  {"id":"getBillingSettings","name":["billing","settings"],"method":"GET","path":"/v1/billing/settings","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"updateBillingSettings","name":["billing","settingsUpdate"],"method":"PATCH","path":"/v1/billing/settings","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getPayment","name":["billing","payment"],"method":"GET","path":"/v1/billing/payments/{payment_id}","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"payInvoice","name":["invoices","pay"],"method":"POST","path":"/v1/invoices/{invoice_id}/pay","idempotency":"required","query":[],"body":true,"result":"value"},
  {"id":"listPaymentMethods","name":["billing","paymentMethods"],"method":"GET","path":"/v1/billing/payment-methods","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"addPaymentMethod","name":["billing","paymentMethodsAdd"],"method":"POST","path":"/v1/billing/payment-methods","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"removePaymentMethod","name":["billing","paymentMethodsRemove"],"method":"DELETE","path":"/v1/billing/payment-methods/{payment_method_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"listCreditGrants","name":["billing","credits"],"method":"GET","path":"/v1/billing/credits","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"getForecast","name":["billing","forecast"],"method":"GET","path":"/v1/billing/forecast","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"listBillingEvents","name":["billing","events"],"method":"GET","path":"/v1/billing/events","idempotency":"none","query":["limit","cursor","include"],"body":false,"result":"page"},
  {"id":"listBudgets","name":["budgets","list"],"method":"GET","path":"/v1/budgets","idempotency":"none","query":[],"body":false,"result":"value"},
  {"id":"createBudget","name":["budgets","create"],"method":"POST","path":"/v1/budgets","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"updateBudget","name":["budgets","update"],"method":"PATCH","path":"/v1/budgets/{budget_id}","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"deleteBudget","name":["budgets","delete"],"method":"DELETE","path":"/v1/budgets/{budget_id}","idempotency":"accepted","query":[],"body":false,"result":"none"},
  {"id":"redeemCoupon","name":["billing","redeem"],"method":"POST","path":"/v1/billing/coupon-redemptions","idempotency":"accepted","query":[],"body":true,"result":"value"},
  {"id":"getBillingTerms","name":["billing","terms"],"method":"GET","path":"/v1/billing/terms","idempotency":"none","query":[],"body":false,"result":"value"},
];
