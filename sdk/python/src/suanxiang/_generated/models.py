# Generated from packages/contract by `npm run docs:generate`. Do not edit.
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Dict, List, Literal, Mapping, Optional, Sequence, TypedDict, Union

from .._values import Amount, Time

WorkloadState = Literal["queued", "provisioning", "running", "stopping", "stopped", "starting", "interrupted", "failed", "terminating", "terminated"]


@dataclass(frozen=True)
class Bilingual:
    en: str
    zh: str


@dataclass(frozen=True)
class RegionZone:
    id: str


@dataclass(frozen=True)
class Region:
    id: str
    name: Bilingual
    zones: List[RegionZone]


@dataclass(frozen=True)
class ListRegionsResult:
    items: List[Region]


@dataclass(frozen=True)
class Accelerator:
    id: str
    vendor: str
    vendor_class: str
    name: Bilingual
    memory_gib: float
    memory_bandwidth_gb_s: Optional[float]
    bf16_tflops: Optional[float]
    interconnect: Optional[str]
    interconnect_gb_s: Optional[float]
    power_w: Optional[float]


@dataclass(frozen=True)
class ListAcceleratorsResult:
    items: List[Accelerator]


@dataclass(frozen=True)
class OfferStock:
    total: int
    """Accelerators of this model in this region"""
    free: int
    largest_instance: int
    """Most accelerators free on one node, 0 to 8"""
    free_nodes: int
    """Nodes with all their accelerators free"""


@dataclass(frozen=True)
class Offer:
    sku: str
    accelerator: Accelerator
    region_id: str
    price_per_gpu_hour: Decimal
    """Exact decimal in the currency"""
    price_per_gpu_second: Decimal
    """Rounded to 8 places for display; billing is exact"""
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    stock: OfferStock


@dataclass(frozen=True)
class ListOffersResult:
    items: List[Offer]


@dataclass(frozen=True)
class SessionUser:
    id: str
    email: str
    name: str
    locale: Literal["en", "zh-CN"]


@dataclass(frozen=True)
class Session:
    token: str
    """Send as Authorization: Bearer <token>"""
    expires_at: datetime
    """RFC 3339, UTC"""
    user: SessionUser


@dataclass(frozen=True)
class MeImpersonation:
    id: str
    operator_name: str
    ticket: str
    expires_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class MeOrganizationProjectRole:
    project_id: str
    role: Literal["admin", "operator", "viewer"]


@dataclass(frozen=True)
class MeOrganization:
    id: str
    slug: str
    name: str
    mode: Literal["live", "sandbox"]
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    role: Optional[Literal["owner", "admin", "billing", "auditor", "member"]]
    require_mfa: bool
    """Members without a second factor may not act in it"""
    permissions: List[Literal["organization.read", "organization.modify", "organization.delete", "project.read", "project.create", "member.read", "member.create", "member.modify", "member.delete", "project_member.read", "project_member.modify", "ssh_key.read", "ssh_key.create", "ssh_key.delete", "api_key.read", "api_key.create", "api_key.modify", "api_key.delete", "instance.read", "instance.create", "instance.modify", "instance.delete", "instance.connect", "cluster.read", "cluster.create", "cluster.modify", "cluster.delete", "cluster.connect", "usage.read", "billing.read", "billing.modify", "quota.read", "quota.modify", "quota_request.read", "quota_request.create", "share.modify", "audit.read", "event.read", "webhook.read", "webhook.create", "webhook.modify", "webhook.delete", "impersonation.modify", "test_clock.modify"]]
    """Of the role or the scopes, and of roles in projects"""
    project_roles: List[MeOrganizationProjectRole]


@dataclass(frozen=True)
class Me:
    kind: Literal["user", "api_key", "impersonation"]
    impersonation: Optional[MeImpersonation]
    """Set for an operator who looks in"""
    id: str
    name: str
    email: Optional[str]
    locale: Literal["en", "zh-CN"]
    organizations: List[MeOrganization]


@dataclass(frozen=True)
class Organization:
    id: str
    slug: str
    name: str
    mode: Literal["live", "sandbox"]
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    country: str
    time_zone: str
    legal_name: str
    address: str
    tax_id: str
    require_mfa: bool
    """Members without a second factor may not act in it"""
    billing_now: datetime
    """The organisation's billing time; ahead of the wall clock only in a sandbox"""
    clock_offset_s: int
    impersonation_consent: bool
    """Operators look in only after an owner has agreed"""
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class Project:
    id: str
    slug: str
    name: str
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class CreateOrganizationResult:
    organization: Organization
    project: Project


@dataclass(frozen=True)
class AuditEvent:
    id: str
    at: datetime
    """RFC 3339, UTC"""
    actor: str
    impersonator: Optional[str]
    """The operator who acted in the place of the actor"""
    auth_method: str
    action: str
    resource: Optional[str]
    result: Literal["success", "denied", "unknown"]
    detail: Optional[Dict[str, Any]]
    request_id: Optional[str]
    ip: Optional[str]
    seq: int
    """Without gaps, from 1"""
    prev_hash: str
    """hash of the entry before; empty for the first"""
    hash: str


@dataclass(frozen=True)
class AuditVerification:
    intact: bool
    entries: int
    last_seq: int
    head_hash: Optional[str]
    """Keep it elsewhere: a chain that was written anew has another one"""
    broken_at_seq: Optional[int]
    """First entry that does not fit"""
    checked_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class PasskeyChallenge:
    ticket: str
    public_key: Dict[str, Any]
    """Options for navigator.credentials"""


@dataclass(frozen=True)
class Passkey:
    id: str
    name: str
    created_at: datetime
    """RFC 3339, UTC"""
    last_used_at: Optional[datetime]


@dataclass(frozen=True)
class AccountSecurity:
    email: str
    email_verified: bool
    totp: bool
    """An authenticator app is set up"""
    recovery_codes_left: int
    passkeys: List[Passkey]
    aal: int
    """1: this session was started with one factor; 2: with two, or with a passkey"""
    reauthenticated_at: datetime
    """When this session last proved who it is"""


@dataclass(frozen=True)
class Reauthentication:
    reauthenticated_at: datetime
    """RFC 3339, UTC"""
    valid_seconds: int


@dataclass(frozen=True)
class StartTotpResult:
    secret: str
    """Base32, for typing it"""
    uri: str
    """otpauth:// address, for a QR code"""


@dataclass(frozen=True)
class ConfirmTotpResult:
    recovery_codes: List[str]
    """Shown once"""


@dataclass(frozen=True)
class RenewRecoveryCodesResult:
    recovery_codes: List[str]
    """Shown once"""


@dataclass(frozen=True)
class SignedInSession:
    id: str
    current: bool
    device: str
    """Browser or program, as it names itself"""
    ip_prefix: str
    """Network it was started from, /24 or /48"""
    aal: int
    created_at: datetime
    """RFC 3339, UTC"""
    last_seen_at: datetime
    """To the minute"""
    expires_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ListSessionsResult:
    items: List[SignedInSession]


@dataclass(frozen=True)
class StartDeviceSignInResult:
    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    """Seconds"""
    interval: int
    """Seconds between two questions"""


@dataclass(frozen=True)
class PollDeviceSignInResult:
    secret: str
    """API key, shown once"""
    api_key_id: str
    organization_id: str


@dataclass(frozen=True)
class DeviceRequest:
    client_name: str
    ip_prefix: str
    created_at: datetime
    """RFC 3339, UTC"""
    expires_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class MemberProjectRole:
    project_id: str
    role: Literal["admin", "operator", "viewer"]


@dataclass(frozen=True)
class Member:
    id: str
    user_id: str
    name: str
    email: str
    role: Literal["owner", "admin", "billing", "auditor", "member"]
    project_roles: List[MemberProjectRole]
    """What the role opens in single projects, beside the role in the organization"""
    second_factor: bool
    """Has an authenticator app or a passkey"""
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ProjectMember:
    membership_id: str
    user_id: str
    name: str
    email: str
    role: Literal["admin", "operator", "viewer"]
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ListProjectMembersResult:
    items: List[ProjectMember]


@dataclass(frozen=True)
class Invitation:
    id: str
    email: str
    role: Literal["owner", "admin", "billing", "auditor", "member"]
    project_id: Optional[str]
    project_role: Optional[Literal["admin", "operator", "viewer"]]
    status: Literal["pending", "accepted", "expired", "revoked"]
    invited_by: str
    sends: int
    """Mails so far"""
    sent_at: datetime
    """RFC 3339, UTC"""
    expires_at: datetime
    """RFC 3339, UTC"""
    accepted_at: Optional[datetime]
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class AcceptedInvitationOrganization:
    id: str
    slug: str
    name: str


@dataclass(frozen=True)
class AcceptedInvitation:
    organization: AcceptedInvitationOrganization
    membership_id: str
    role: Literal["owner", "admin", "billing", "auditor", "member"]


@dataclass(frozen=True)
class Quota:
    project_id: Optional[str]
    """null: the organization's; else a project's own limit inside it"""
    metric: str
    limit: int
    used: int


@dataclass(frozen=True)
class ListQuotasResult:
    items: List[Quota]


@dataclass(frozen=True)
class SetProjectQuotaResult:
    items: List[Quota]


@dataclass(frozen=True)
class QuotaRequest:
    id: str
    metric: str
    limit_before: int
    wanted: int
    granted: Optional[int]
    reason: str
    status: Literal["pending", "awaiting_second", "approved", "denied", "withdrawn"]
    """awaiting_second: a raise of this size takes two operators"""
    requested_by: str
    answer: Optional[str]
    """What the operator says to it"""
    created_at: datetime
    """RFC 3339, UTC"""
    decided_at: Optional[datetime]


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]


@dataclass(frozen=True)
class FapiaoRequest:
    id: str
    invoice_id: str
    invoice_number: str
    amount: Money
    """What was paid on the invoice and is on no other fapiao; tax included"""
    kind: Literal["ordinary", "special"]
    buyer_title: str
    tax_id: str
    address: str
    phone: str
    bank_name: str
    bank_account: str
    email: str
    status: Literal["requested", "issued", "rejected"]
    fapiao_number: Optional[str]
    reason: Optional[str]
    """Why it was rejected"""
    requested_by: str
    created_at: datetime
    """RFC 3339, UTC"""
    decided_at: Optional[datetime]


@dataclass(frozen=True)
class Impersonation:
    id: str
    state: Literal["awaiting_consent", "active", "ended", "expired"]
    operator_name: str
    subject_user_id: str
    """The member in whose place the operator looks"""
    ticket: str
    reason: str
    consent_required: bool
    consented_by: Optional[str]
    created_at: datetime
    """RFC 3339, UTC"""
    started_at: Optional[datetime]
    expires_at: Optional[datetime]
    ended_at: Optional[datetime]
    ended_by: Optional[str]


@dataclass(frozen=True)
class ListImpersonationsResult:
    items: List[Impersonation]


@dataclass(frozen=True)
class SshKey:
    id: str
    name: str
    public_key: str
    fingerprint: str
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ApiKey:
    id: str
    name: str
    display: str
    """Prefix and last four characters; the secret is never shown again"""
    scopes: List[Literal["all:read", "all:write", "compute:read", "compute:write", "billing:read", "organization:read", "organization:write", "projects:read", "projects:write", "members:read", "members:write", "project-members:read", "project-members:write", "ssh-keys:read", "ssh-keys:write", "api-keys:read", "api-keys:write", "instances:read", "instances:write", "clusters:read", "clusters:write", "usage:read", "billing:write", "quotas:read", "quotas:write", "quota-requests:read", "quota-requests:write", "shares:write", "audit:read", "events:read", "webhooks:read", "webhooks:write", "test-clock:write"]]
    project_id: Optional[str]
    expires_at: Optional[datetime]
    allowed_cidrs: List[str]
    """Networks it may be used from; empty: from anywhere"""
    api_version: str
    """Version of the API that requests with it are served in"""
    expiry: Literal["far", "within_30_days", "within_7_days", "within_1_day", "expired"]
    """How near expires_at is, for warnings"""
    needs_review: bool
    """Whoever made it has left the organization; it goes on working"""
    replaced_by: Optional[str]
    """The key that was made by rolling this one"""
    last_used_at: Optional[datetime]
    """To the minute, written a few seconds later"""
    last_used_ip_prefix: Optional[str]
    """Network of the last use, /24 or /48"""
    last_used_agent: Optional[str]
    revoked_at: Optional[datetime]
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class DeprecatedCall:
    actor: str
    """key:<id> or user:<id>"""
    name: Optional[str]
    """Of the API key; null for people"""
    operation_id: str
    since: str
    """When the operation was announced to be going"""
    sunset: str
    """When it ends"""
    successor: Optional[str]
    """Operation to call instead"""
    calls: int
    first_used_at: datetime
    """RFC 3339, UTC"""
    last_used_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ListDeprecatedCallsResult:
    items: List[DeprecatedCall]


@dataclass(frozen=True)
class CreateApiKeyResult:
    api_key: ApiKey
    secret: Optional[str]
    """Shown once"""


@dataclass(frozen=True)
class RollApiKeyResult:
    api_key: ApiKey
    secret: Optional[str]
    """Shown once"""
    previous: ApiKey


class _ReportLeakedKeysFinding(TypedDict):
    token: str
    """The whole text that was found"""


class ReportLeakedKeysFinding(_ReportLeakedKeysFinding, total=False):
    url: str
    """Where it was found"""


@dataclass(frozen=True)
class ReportLeakedKeysResultItem:
    label: Literal["true_positive", "false_positive"]


@dataclass(frozen=True)
class ReportLeakedKeysResult:
    items: List[ReportLeakedKeysResultItem]
    """In the order of findings"""


@dataclass(frozen=True)
class StatusReason:
    code: str
    en: str
    zh: str


@dataclass(frozen=True)
class StartEstimate:
    likely_at: datetime
    """RFC 3339, UTC"""
    from_at: datetime
    """RFC 3339, UTC"""
    to_at: datetime
    """The real start lies between these at least four times in five"""
    basis: Literal["planned", "queue", "beyond"]
    """planned: a promise; queue: from the queue ahead; beyond: no start is in sight"""


@dataclass(frozen=True)
class NearestChange:
    change: Literal["size", "topology", "without", "region", "model", "preemptible", "limit"]
    node_count: Optional[int] = None
    gpus_per_node: Optional[int] = None
    topology: Optional[str] = None
    constraint: Optional[str] = None
    region_id: Optional[str] = None
    accelerator_id: Optional[str] = None
    limit_duration_s: Optional[int] = None


@dataclass(frozen=True)
class Waiting:
    place: int
    """1 is the next of its region and accelerator"""
    binding: str
    """What keeps it waiting, for example capacity, topology, quota, promised_to_others"""
    reason: StatusReason
    estimate: Optional[StartEstimate]
    would_start: List[NearestChange]
    """Nearest changes with which it would start now; each was tried"""
    waiting_since: datetime
    """RFC 3339, UTC"""
    refreshed_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class Eviction:
    cause: Literal["priority", "reclaim", "reservation", "maintenance"]
    reason: StatusReason
    told_at: datetime
    """RFC 3339, UTC"""
    leave_at: datetime
    """It is interrupted then, unless it is stopped before or may stay after all"""


@dataclass(frozen=True)
class OperationStep:
    name: str
    status: Literal["pending", "running", "done", "failed", "skipped"]
    phase: Optional[str]
    """Finer progress inside the step, for example pulling_image"""
    started_at: Optional[datetime]
    finished_at: Optional[datetime]


@dataclass(frozen=True)
class Operation:
    id: str
    kind: Literal["launch", "stop", "start", "terminate"]
    status: Literal["pending", "running", "succeeded", "failed", "superseded"]
    resource_id: str
    steps: List[OperationStep]
    error: Optional[StatusReason]
    created_at: datetime
    """RFC 3339, UTC"""
    finished_at: Optional[datetime]


@dataclass(frozen=True)
class VerdictPrice:
    sku: str
    gpus: int
    """Accelerators of all nodes"""
    price_per_gpu_hour: Decimal
    per_hour: Money
    """All of them for an hour"""


@dataclass(frozen=True)
class VerdictQuotaLimit:
    metric: str
    project_id: Optional[str]
    """null: of the whole organization"""
    limit: int
    used: int
    requested: int
    fits: bool


@dataclass(frozen=True)
class VerdictQuota:
    fits: bool
    limits: List[VerdictQuotaLimit]


@dataclass(frozen=True)
class VerdictFunds:
    fits: bool
    needed: Money
    """One hour of everything that would then run"""
    available: Money
    """Balance less unbilled usage, with the credit limit"""
    missing: Money


@dataclass(frozen=True)
class VerdictSpendCapsCap:
    budget_id: str
    amount: Money
    spent: Money
    reserve: Money
    """What must be left under it"""
    fits: bool


@dataclass(frozen=True)
class VerdictSpendCaps:
    fits: bool
    caps: List[VerdictSpendCapsCap]


@dataclass(frozen=True)
class Alternative:
    kind: Literal["region", "accelerator", "smaller"]
    region_id: str
    accelerator_id: str
    node_count: int
    gpus_per_node: int
    free: int
    """Accelerators free there"""
    price_per_gpu_hour: Decimal
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]


@dataclass(frozen=True)
class VerdictCapacity:
    fits: bool
    """False and able: it would wait in the queue"""
    free: int
    """Accelerators of the model that are free in the region"""
    largest_node: int
    """Most of them on one node"""
    alternatives: List[Alternative]
    """What could be had instead; empty when it fits"""


@dataclass(frozen=True)
class Verdict:
    able: bool
    """True when the same request without validate_only would be accepted now"""
    price: VerdictPrice
    quota: VerdictQuota
    funds: VerdictFunds
    spend_caps: VerdictSpendCaps
    capacity: VerdictCapacity


@dataclass(frozen=True)
class InstanceSsh:
    host: str
    port: int
    user: str


@dataclass(frozen=True)
class Instance:
    id: str
    name: str
    project_id: str
    region_id: str
    zone_id: Optional[str]
    requested_zone_id: Optional[str]
    """The only zone it may run in"""
    accelerator_id: str
    sku: str
    image: str
    labels: Dict[str, str]
    ssh_key_ids: List[str]
    state: WorkloadState
    status_reason: Optional[StatusReason]
    waiting: Optional[Waiting]
    """Why it waits for accelerators, and when it will start; as last looked at"""
    eviction: Optional[Eviction]
    """It has been told to make room"""
    priority_class: str
    preemptible: bool
    movable: bool
    expected_duration_s: Optional[int]
    not_before: Optional[datetime]
    """It starts no sooner"""
    max_wait_s: Optional[int]
    max_duration_s: Optional[int]
    ends_at: Optional[datetime]
    """When the present run reaches max_duration_s and is stopped"""
    deletion_protection: bool
    price_per_gpu_hour: Decimal
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    version: int
    created_by: str
    created_at: datetime
    """RFC 3339, UTC"""
    updated_at: datetime
    """RFC 3339, UTC"""
    running_since: Optional[datetime]
    terminated_at: Optional[datetime]
    operation: Optional[Operation]
    """The newest operation on it"""
    gpus: int
    ssh: Optional[InstanceSsh]
    node: Optional[str]
    verdict: Optional[Verdict] = None
    """Only with validate_only: price, quota, money and capacity as they stand"""


@dataclass(frozen=True)
class StateChange:
    at: datetime
    """RFC 3339, UTC"""
    from_state: Optional[WorkloadState]
    to_state: WorkloadState
    event: str
    actor: str
    reason: Optional[StatusReason]
    operation_id: Optional[str]


@dataclass(frozen=True)
class ListInstanceEventsResult:
    items: List[StateChange]


@dataclass(frozen=True)
class MetricsSerie:
    allocation_id: str
    rank: int
    at_s: List[int]
    utilization_ppm: List[Optional[int]]
    memory_used_bytes: List[Optional[float]]
    power_milliwatt: List[Optional[float]]
    temperature_milli_celsius: List[Optional[float]]
    source: List[Literal["block", "live"]]
    """block: billing evidence; live: for the eye only"""


@dataclass(frozen=True)
class Metrics:
    from_s: int
    to_s: int
    series: List[MetricsSerie]


@dataclass(frozen=True)
class Cost:
    so_far: Money
    """Since the start of the billing period, rounded as the invoice would"""
    exact: str
    """Minor units as a fraction"""
    per_second: Decimal
    per_hour: Decimal
    billed_seconds: int
    as_of: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class LogsLine:
    at: datetime
    """RFC 3339, UTC"""
    text: str


@dataclass(frozen=True)
class Logs:
    lines: List[LogsLine]
    next_cursor: Optional[str]


@dataclass(frozen=True)
class TerminalTicket:
    ticket: Optional[str]
    """Opens one session, once; null in a repeated answer"""
    url: str
    """WebSocket to open with the protocols suanxiang.terminal.v1 and ticket.<ticket>"""
    expires_at: datetime
    """The session must be opened before"""
    idle_seconds: int
    """A session in which nothing is written either way ends after so long"""
    max_seconds: int
    """A session ends after so long whatever happens"""


@dataclass(frozen=True)
class ClusterNodeSsh:
    host: str
    port: int
    user: str


@dataclass(frozen=True)
class ClusterNode:
    rank: int
    allocation_id: str
    node: str
    spine: str
    leaf: str
    rack: str
    gpus: int
    state: str
    ssh: Optional[ClusterNodeSsh]


@dataclass(frozen=True)
class Cluster:
    id: str
    name: str
    project_id: str
    region_id: str
    zone_id: Optional[str]
    requested_zone_id: Optional[str]
    """The only zone it may run in"""
    accelerator_id: str
    sku: str
    image: str
    labels: Dict[str, str]
    ssh_key_ids: List[str]
    state: WorkloadState
    status_reason: Optional[StatusReason]
    waiting: Optional[Waiting]
    """Why it waits for accelerators, and when it will start; as last looked at"""
    eviction: Optional[Eviction]
    """It has been told to make room"""
    priority_class: str
    preemptible: bool
    movable: bool
    expected_duration_s: Optional[int]
    not_before: Optional[datetime]
    """It starts no sooner"""
    max_wait_s: Optional[int]
    max_duration_s: Optional[int]
    ends_at: Optional[datetime]
    """When the present run reaches max_duration_s and is stopped"""
    deletion_protection: bool
    price_per_gpu_hour: Decimal
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    version: int
    created_by: str
    created_at: datetime
    """RFC 3339, UTC"""
    updated_at: datetime
    """RFC 3339, UTC"""
    running_since: Optional[datetime]
    terminated_at: Optional[datetime]
    operation: Optional[Operation]
    """The newest operation on it"""
    node_count: int
    gpus_per_node: int
    topology: Literal["any", "same_spine", "same_leaf"]
    topology_mode: Literal["required", "preferred"]
    nodes: List[ClusterNode]
    verdict: Optional[Verdict] = None
    """Only with validate_only: price, quota, money and capacity as they stand"""


@dataclass(frozen=True)
class ListClusterEventsResult:
    items: List[StateChange]


@dataclass(frozen=True)
class RendezvousNodeSsh:
    host: str
    port: int
    user: str


@dataclass(frozen=True)
class RendezvousNode:
    rank: int
    host: str
    first_process: int
    """Rank of its first process; the others follow"""
    device_indexes: List[int]
    """Positions on the node, in the order of local ranks"""
    environment: Dict[str, str]
    """Variables that its machine was given"""
    ssh: Optional[RendezvousNodeSsh]


@dataclass(frozen=True)
class RendezvousFile:
    path: str
    text: str


@dataclass(frozen=True)
class RendezvousCommands:
    torchrun: str
    mpirun: str
    ssh: str


@dataclass(frozen=True)
class Rendezvous:
    cluster_id: str
    accelerator_id: str
    collective_library: str
    """The vendor's library for collective communication"""
    device_type: str
    """What torch.device() takes"""
    master_addr: Optional[str]
    """Null until the cluster has its nodes"""
    master_port: int
    world_size: int
    """Processes of all nodes, one for each accelerator"""
    nproc_per_node: int
    nodes: List[RendezvousNode]
    files: List[RendezvousFile]
    """Lie on every node that an agent runs"""
    commands: Optional[RendezvousCommands]
    """Start train.py: torchrun on every node, mpirun and ssh on the first"""


@dataclass(frozen=True)
class QueueEntry:
    resource_id: str
    kind: Literal["instance", "cluster"]
    name: str
    project_id: str
    operation_id: str
    region_id: str
    accelerator_id: str
    node_count: int
    gpus_per_node: int
    priority_class: str
    preemptible: bool
    place: int
    """1 is the next of its region and accelerator"""
    binding: str
    """What keeps it waiting, for example capacity, topology, quota, promised_to_others"""
    reason: StatusReason
    estimate: Optional[StartEstimate]
    would_start: List[NearestChange]
    """Nearest changes with which it would start now; each was tried"""
    waiting_since: datetime
    """RFC 3339, UTC"""
    refreshed_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class UsablePriorityClass:
    id: str
    name: Bilingual
    rank: int
    """All of a higher rank goes first"""
    is_default: bool
    allowed: bool
    """This organization may use it"""


@dataclass(frozen=True)
class ListPriorityClassesResult:
    items: List[UsablePriorityClass]


@dataclass(frozen=True)
class GetSharesResultOrganizationGuaranteed:
    region_id: str
    accelerator_id: str
    accelerators: int


@dataclass(frozen=True)
class GetSharesResultOrganizationBorrowingLimit:
    region_id: str
    accelerator_id: str
    accelerators: int


@dataclass(frozen=True)
class GetSharesResultOrganizationStanding:
    region_id: str
    share_now: float
    """Part of the priced capacity of the fleet that is held now, 0 to 1"""
    share_remembered: float
    queue_order: float
    """Lower goes first"""


@dataclass(frozen=True)
class GetSharesResultOrganization:
    node_id: str
    name: str
    weight: int
    over_quota_weight: int
    """Relative claim on what nobody is guaranteed"""
    guaranteed: List[GetSharesResultOrganizationGuaranteed]
    """Capacity it gets back from borrowers whenever it asks"""
    borrowing_limits: List[GetSharesResultOrganizationBorrowingLimit]
    """Most above its guarantee; a pool that is not listed is unlimited"""
    standing: List[GetSharesResultOrganizationStanding]
    """Where it stands in each region that it uses"""
    version: int
    updated_at: Optional[datetime]
    top_priority_class: Optional[str]


@dataclass(frozen=True)
class ShareGuaranteed:
    region_id: str
    accelerator_id: str
    accelerators: int


@dataclass(frozen=True)
class ShareBorrowingLimit:
    region_id: str
    accelerator_id: str
    accelerators: int


@dataclass(frozen=True)
class ShareStanding:
    region_id: str
    share_now: float
    """Part of the priced capacity of the fleet that is held now, 0 to 1"""
    share_remembered: float
    queue_order: float
    """Lower goes first"""


@dataclass(frozen=True)
class Share:
    node_id: str
    name: str
    weight: int
    over_quota_weight: int
    """Relative claim on what nobody is guaranteed"""
    guaranteed: List[ShareGuaranteed]
    """Capacity it gets back from borrowers whenever it asks"""
    borrowing_limits: List[ShareBorrowingLimit]
    """Most above its guarantee; a pool that is not listed is unlimited"""
    standing: List[ShareStanding]
    """Where it stands in each region that it uses"""
    version: int
    updated_at: Optional[datetime]


@dataclass(frozen=True)
class GetSharesResult:
    organization: GetSharesResultOrganization
    projects: List[Share]


class UpdateProjectShareGuaranteed(TypedDict):
    region_id: str
    accelerator_id: str
    accelerators: int


class UpdateProjectShareBorrowingLimit(TypedDict):
    region_id: str
    accelerator_id: str
    accelerators: int


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    """`thing.happened`, for example `instance.running` or `invoice.final`"""
    at: datetime
    """RFC 3339, UTC"""
    project_id: Optional[str]
    """null: about the organization as a whole"""
    resource: Optional[str]
    """Id of what it is about; read it for its present state"""
    data: Dict[str, Any]
    """What changed. Fields are added, never renamed"""


@dataclass(frozen=True)
class Webhook:
    id: str
    url: str
    description: str
    event_types: List[str]
    """Empty: all events"""
    status: Literal["enabled", "disabled", "failed"]
    """`failed`: turned off by us after days in which nothing was taken"""
    off_reason: Optional[Literal["gone", "silent"]]
    """Why it failed: it answered 410 Gone, or took nothing for days"""
    failing_since: Optional[datetime]
    old_secret_until: Optional[datetime]
    """While a rotation overlaps: until when the old secret signs, too"""
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class CreateWebhookResult:
    webhook: Webhook
    secret: Optional[str]
    """`whsec_…`, verifies the signatures. Shown once"""


@dataclass(frozen=True)
class RotateWebhookSecretResult:
    webhook: Webhook
    secret: Optional[str]
    """`whsec_…`, verifies the signatures. Shown once"""


@dataclass(frozen=True)
class WebhookDeliveryAttempt:
    at: datetime
    """RFC 3339, UTC"""
    duration_ms: int
    status: Optional[int]
    """HTTP status of the answer; null: there was none"""
    error: Optional[str]
    answer: Optional[str]
    """The first kilobyte of it"""


@dataclass(frozen=True)
class WebhookDelivery:
    id: str
    event_id: str
    """What the receiver gets as webhook-id; the same at every attempt"""
    type: str
    status: Literal["pending", "delivered", "failed", "canceled"]
    created_at: datetime
    """RFC 3339, UTC"""
    next_attempt_at: Optional[datetime]
    body: str
    """What is sent, byte for byte"""
    attempts: List[WebhookDeliveryAttempt]


@dataclass(frozen=True)
class UsageRow:
    allocation_id: str
    workload_id: str
    workload_name: str
    kind: Literal["instance", "cluster"]
    rank: int
    project_id: str
    sku: str
    accelerator_id: str
    gpus: int
    from_s: int
    to_s: int
    """End, or now while it runs"""
    running: bool
    billed_seconds: int
    measured_seconds: int
    undelivered_seconds: int
    average_utilization_ppm: Optional[int]
    amount: Money


@dataclass(frozen=True)
class UsageReportDay:
    day: str
    """Local date of the account"""
    amount: Money
    gpu_seconds: str


@dataclass(frozen=True)
class UsageReport:
    from_s: int
    to_s: int
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    total: Money
    gpu_seconds: str
    rows: List[UsageRow]
    days: List[UsageReportDay]


@dataclass(frozen=True)
class CostReportGroup:
    group: str
    """Empty where there is none"""
    amount: Money
    """Rounded so that all groups add up to total"""
    exact_minor: str
    gpu_seconds: str


@dataclass(frozen=True)
class CostReport:
    from_s: int
    to_s: int
    by: str
    currency: Literal["CNY", "USD", "EUR", "JPY", "KWD"]
    total: Money
    groups: List[CostReportGroup]


@dataclass(frozen=True)
class IdleReportItem:
    workload_id: str
    workload_name: str
    kind: Literal["instance", "cluster"]
    project_id: str
    gpus: int
    average_utilization_ppm: int
    measured_seconds: int
    """Of all its nodes; what was not measured is not taken as idle"""
    burn_per_hour: Money
    stops_at: Optional[datetime]
    """When the policy of its project stops it if it stays idle"""


@dataclass(frozen=True)
class IdleReport:
    burn_per_hour: Money
    """Of all of them together"""
    items: List[IdleReportItem]


@dataclass(frozen=True)
class IdlePolicy:
    project_id: str
    enabled: bool
    threshold_percent: Optional[float]
    idle_minutes: Optional[int]
    warn_minutes: Optional[int]
    """From the warning to the stop"""


@dataclass(frozen=True)
class ListIdlePoliciesResult:
    items: List[IdlePolicy]


@dataclass(frozen=True)
class EvidenceBlock:
    allocation_id: str
    win_start_s: int
    rev: int
    measured: int
    average_ppm: Optional[int]
    digest: str
    agent_id: str
    received_at: datetime
    """RFC 3339, UTC"""
    values_ppm: List[Optional[int]]
    """The 60 one-second values; null = not measured"""


@dataclass(frozen=True)
class Balance:
    balance: Money
    """Prepaid balance; negative when overdrawn"""
    promotional: Money
    """Promotional credit that can still be used"""
    unbilled: Money
    """Usage since the last invoice that promotional credit does not cover"""
    owed: Money
    """Due on issued invoices"""
    available: Money
    """balance plus promotional, minus unbilled and owed"""
    credit_limit: Money
    """Postpaid: how far available may fall below 0"""
    burn_per_hour: Money
    """What the running workloads cost per hour"""
    runway_seconds: Optional[int]
    """Until available and the credit limit are used up at this rate; null when nothing runs"""


@dataclass(frozen=True)
class PaymentDispute:
    status: Literal["open", "won", "lost"]
    amount: Money


@dataclass(frozen=True)
class Payment:
    id: str
    provider: Literal["manual", "sandbox", "stripe"]
    status: Literal["pending", "requires_action", "processing", "succeeded", "failed", "canceled"]
    amount: Money
    reference: str
    purpose: Literal["top_up", "auto_top_up", "invoice"]
    method: Optional[str]
    failure: Optional[str]
    """The provider's reason, in its own words"""
    redirect_url: Optional[str]
    """Where the customer has to go to complete it"""
    refunded: Money
    dispute: Optional[PaymentDispute]
    """The cardholder has objected; the money is away until it is won"""
    created_at: datetime
    """RFC 3339, UTC"""
    settled_at: Optional[datetime]


@dataclass(frozen=True)
class LedgerLine:
    journal_id: str
    kind: str
    memo: str
    booked_at: datetime
    """RFC 3339, UTC"""
    amount: Money
    """Effect on the balance"""


@dataclass(frozen=True)
class InvoiceSummary:
    id: str
    """inv_..., "draft" for the running period, or "closing-..." for one that has ended and is not final"""
    number: Optional[str]
    status: Literal["draft", "closing", "final", "void"]
    """closing: the period has ended; usage that arrives late still counts until final_at"""
    period_from: datetime
    """RFC 3339, UTC"""
    period_to: datetime
    """RFC 3339, UTC"""
    time_zone: str
    total: Money
    due: Money
    issued_at: Optional[datetime]
    final_at: Optional[datetime]
    """When a draft or closing invoice becomes final; null once issued"""


@dataclass(frozen=True)
class InvoiceSeller:
    name: str
    address: str
    tax_id: str


@dataclass(frozen=True)
class InvoiceBuyer:
    name: str
    address: str
    tax_id: str


@dataclass(frozen=True)
class InvoiceLineUndelivered:
    from_s: int
    to_s: int
    reason: str


@dataclass(frozen=True)
class InvoiceLineSegment:
    from_s: int
    to_s: int
    kind: Literal["usage", "minimum"]
    """minimum: seconds added to reach the least billed time of a start"""
    gpus: str
    """GPUs that cost, fraction"""
    price_per_gpu_hour: Decimal
    qty: str
    """GPU x ppm x seconds, fraction"""
    exact_minor: str
    allocation_id: Optional[str]
    """Whose seconds they are, on a tiered line"""
    band: Optional[int]
    """Band of the tiers, counted from 0; null: no tiers"""


@dataclass(frozen=True)
class InvoiceLine:
    key: str
    kind: Literal["usage", "tiered", "commitment", "adjustment"]
    """tiered: all leases of a SKU at prices by quantity; commitment: what lacks to the least spend agreed on"""
    description: Bilingual
    allocation_id: Optional[str]
    workload_id: Optional[str]
    project_id: Optional[str]
    sku: Optional[str]
    gpus: int
    from_s: int
    to_s: int
    billed_seconds: int
    measured_seconds: int
    undelivered_seconds: int
    minimum_seconds: int
    """Added to reach the least billed time; not part of billed_seconds"""
    undelivered: List[InvoiceLineUndelivered]
    """Seconds of the lease that were not delivered and cost nothing"""
    qty: str
    exact_minor: str
    amount: Money
    segments: List[InvoiceLineSegment]
    block_count: int
    blocks_digest: str


@dataclass(frozen=True)
class Invoice:
    id: str
    """inv_..., "draft" for the running period, or "closing-..." for one that has ended and is not final"""
    number: Optional[str]
    status: Literal["draft", "closing", "final", "void"]
    """closing: the period has ended; usage that arrives late still counts until final_at"""
    period_from: datetime
    """RFC 3339, UTC"""
    period_to: datetime
    """RFC 3339, UTC"""
    time_zone: str
    total: Money
    due: Money
    issued_at: Optional[datetime]
    final_at: Optional[datetime]
    """When a draft or closing invoice becomes final; null once issued"""
    from_s: int
    to_s: int
    subtotal: Money
    promotional: Money
    """Paid with promotional credit, before tax"""
    tax: Money
    tax_rate_ppm: int
    paid: Money
    credited: Money
    """Given back by credit notes since"""
    seller: InvoiceSeller
    buyer: InvoiceBuyer
    digest: Optional[str]
    engine_version: str
    lines: List[InvoiceLine]


@dataclass(frozen=True)
class InvoiceProofCutoff:
    batch_seq: str
    """Last batch of usage that was read"""
    arrived_s: int
    """Usage that arrived later was not read"""


@dataclass(frozen=True)
class InvoiceProofCreditNoteCutoff:
    batch_seq: str
    """Last batch of usage that was read"""
    arrived_s: int
    """Usage that arrived later was not read"""


@dataclass(frozen=True)
class InvoiceProofCreditNote:
    id: str
    """Evidence of its lines: key credit_note:<id>:<key of the line>"""
    number: str
    digest: str
    """The SHA-256 of document"""
    document: str
    """What was sealed: canonical JSON"""
    correction: str
    """The period as it was rated again, canonical JSON; empty: the note gives back less than that"""
    cutoff: InvoiceProofCreditNoteCutoff


@dataclass(frozen=True)
class InvoiceProofHandNote:
    id: str
    number: str
    digest: str
    """The SHA-256 of document"""
    document: str
    """What was sealed: canonical JSON"""


@dataclass(frozen=True)
class InvoiceProof:
    digest: str
    """Of the invoice: the SHA-256 of document"""
    document: str
    """What was sealed: canonical JSON"""
    prices: List[str]
    """Price rows that were read, canonical JSON each"""
    terms: str
    """Leases and their terms, canonical JSON"""
    cutoff: InvoiceProofCutoff
    previous_invoice_id: Optional[str]
    """The invoice whose digest this one seals"""
    is_void: bool
    """Whether the invoice was voided since"""
    corrections: List[str]
    """Earlier periods that were rated again for it, canonical JSON each"""
    credit_notes: List[InvoiceProofCreditNote]
    """Credit notes over it that closings made, the oldest first"""
    hand_notes: List[InvoiceProofHandNote]
    """Credit notes over it that operators made by hand, the oldest first"""
    evidence_from_s: int
    """Usage blocks of seconds before this one are no longer kept; 0: all are"""
    related_invoice_ids: List[str]
    """Invoices that its corrections and credit notes build on"""


@dataclass(frozen=True)
class CreditNoteSummary:
    id: str
    number: str
    invoice_id: str
    """The invoice it corrects, which stays as it is"""
    invoice_number: str
    total: Money
    """Given back, tax included"""
    settled: Money
    """Of the total: what lowered the amount due of the invoice"""
    to_balance: Money
    """Of the total: what was added to the balance"""
    issued_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class CreditNoteSeller:
    name: str
    address: str
    tax_id: str


@dataclass(frozen=True)
class CreditNoteBuyer:
    name: str
    address: str
    tax_id: str


@dataclass(frozen=True)
class CreditNoteLine:
    key: str
    """Key of the corrected line"""
    description: Bilingual
    allocation_id: Optional[str]
    amount: Money


@dataclass(frozen=True)
class CreditNote:
    id: str
    number: str
    invoice_id: str
    """The invoice it corrects, which stays as it is"""
    invoice_number: str
    total: Money
    """Given back, tax included"""
    settled: Money
    """Of the total: what lowered the amount due of the invoice"""
    to_balance: Money
    """Of the total: what was added to the balance"""
    issued_at: datetime
    """RFC 3339, UTC"""
    period_from: datetime
    """RFC 3339, UTC"""
    period_to: datetime
    """RFC 3339, UTC"""
    time_zone: str
    net: Money
    tax: Money
    tax_rate_ppm: int
    seller: CreditNoteSeller
    buyer: CreditNoteBuyer
    digest: str
    lines: List[CreditNoteLine]


@dataclass(frozen=True)
class BillingSettingsAutoTopUp:
    enabled: bool
    threshold: Money
    """Asked for when available falls below this"""
    amount: Money
    cool_off_seconds: int
    """Least time between two requests"""
    daily_max: Optional[Money]
    """Most that is asked for in 24 hours; null: no limit"""


@dataclass(frozen=True)
class BillingSettingsWhenItRunsOut:
    stage: Literal["low_3d", "low_1d", "grace", "frozen", "released"]
    after_seconds: int
    """low_*: left at the present rate; else: since the stage before began"""
    what: Bilingual


@dataclass(frozen=True)
class BillingSettings:
    mode: Literal["prepaid", "postpaid"]
    credit_limit: Money
    """Postpaid: how far available may fall below 0"""
    auto_top_up: BillingSettingsAutoTopUp
    stage: Literal["ok", "low_3d", "low_1d", "grace", "frozen", "released"]
    stage_since: Optional[datetime]
    when_it_runs_out: List[BillingSettingsWhenItRunsOut]


class _UpdateBillingSettingsAutoTopUp(TypedDict):
    enabled: bool


class UpdateBillingSettingsAutoTopUp(_UpdateBillingSettingsAutoTopUp, total=False):
    threshold: Amount
    amount: Amount
    cool_off_seconds: int
    daily_max: Optional[Amount]


@dataclass(frozen=True)
class PaymentMethod:
    id: str
    status: Literal["pending", "requires_action", "active", "failed", "detached"]
    brand: Optional[str]
    last4: Optional[str]
    exp_month: Optional[int]
    exp_year: Optional[int]
    is_default: bool
    redirect_url: Optional[str]
    """The page on which the customer saves it"""
    created_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ListPaymentMethodsResult:
    items: List[PaymentMethod]
    online: bool


@dataclass(frozen=True)
class CreditGrant:
    id: str
    reason: str
    amount: Money
    remaining: Money
    """After issued invoices"""
    expired: Money
    """What was left when it expired"""
    priority: int
    """Burns in rising order, then by expiry"""
    effective_at: datetime
    """RFC 3339, UTC"""
    expires_at: Optional[datetime]
    granted_at: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ListCreditGrantsResult:
    items: List[CreditGrant]


@dataclass(frozen=True)
class Forecast:
    period_from: datetime
    """RFC 3339, UTC"""
    period_to: datetime
    """RFC 3339, UTC"""
    spent: Money
    """Usage of the running period, before promotional credit and tax"""
    forecast: Money
    """The same at the end of the period, if all goes on as it is"""
    burn_per_hour: Money
    runway_seconds: Optional[int]
    """How long the money lasts at this rate; null: nothing runs"""
    runs_out_at: Optional[datetime]
    """When it is used up, if that is before the end of the period"""


@dataclass(frozen=True)
class BillingEvent:
    id: str
    kind: Literal["stage_changed", "budget_reached", "budget_forecast", "cap_reached", "idle_warned", "idle_stopped", "auto_top_up_requested"]
    at: datetime
    """RFC 3339, UTC"""
    text: Bilingual


@dataclass(frozen=True)
class Budget:
    id: str
    name: str
    project_id: Optional[str]
    """null: all projects"""
    api_key_id: Optional[str]
    """Only what this API key has launched; null: everything"""
    amount: Money
    """For one billing period"""
    thresholds: List[int]
    """Percent of the amount"""
    hard: bool
    """A spend cap: what runs in its scope ends, and costs nothing more, at the second in which it is reached"""
    spent: Money
    forecast: Money
    """At the end of the period, if all goes on as it is"""
    stops_at: Optional[datetime]
    """hard: when the cap is reached if all goes on as it is; null: not in this period"""
    period_from: datetime
    """RFC 3339, UTC"""
    period_to: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class ListBudgetsResult:
    items: List[Budget]


@dataclass(frozen=True)
class BillingTermsCurrentPriceBand:
    up_to_hours: Optional[int]
    price: Decimal


@dataclass(frozen=True)
class BillingTermsCurrentPrice:
    sku: Optional[str]
    name: Bilingual
    model: Literal["discount", "graduated", "volume"]
    """discount: off the list price; graduated: each band at its price; volume: all of it at the band it ends in"""
    discount_percent: Optional[Decimal]
    bands: List[BillingTermsCurrentPriceBand]
    list_price: Optional[Decimal]
    """Of one SKU now; null: of all, or nothing is sold yet"""


@dataclass(frozen=True)
class BillingTermsCurrent:
    id: str
    name: str
    from_: datetime
    """RFC 3339, UTC"""
    until: Optional[datetime]
    """null: until other terms follow"""
    commitment: Optional[Money]
    prices: List[BillingTermsCurrentPrice]
    digest: str
    """SHA-256 of the terms; they stand in every invoice that was rated by them"""


@dataclass(frozen=True)
class BillingTermsUpcomingPriceBand:
    up_to_hours: Optional[int]
    price: Decimal


@dataclass(frozen=True)
class BillingTermsUpcomingPrice:
    sku: Optional[str]
    name: Bilingual
    model: Literal["discount", "graduated", "volume"]
    """discount: off the list price; graduated: each band at its price; volume: all of it at the band it ends in"""
    discount_percent: Optional[Decimal]
    bands: List[BillingTermsUpcomingPriceBand]
    list_price: Optional[Decimal]
    """Of one SKU now; null: of all, or nothing is sold yet"""


@dataclass(frozen=True)
class BillingTermsUpcoming:
    id: str
    name: str
    from_: datetime
    """RFC 3339, UTC"""
    until: Optional[datetime]
    """null: until other terms follow"""
    commitment: Optional[Money]
    prices: List[BillingTermsUpcomingPrice]
    digest: str
    """SHA-256 of the terms; they stand in every invoice that was rated by them"""


@dataclass(frozen=True)
class BillingTermsCommitment:
    committed: Money
    spent: Money
    """Of the running period so far, before promotional credit and tax"""
    missing: Money
    """What the shortfall line would be if the period ended now"""
    period_from: datetime
    """RFC 3339, UTC"""
    period_to: datetime
    """RFC 3339, UTC"""


@dataclass(frozen=True)
class BillingTerms:
    current: Optional[BillingTermsCurrent]
    """null: list prices"""
    upcoming: List[BillingTermsUpcoming]
    commitment: Optional[BillingTermsCommitment]
