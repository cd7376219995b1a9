# Generated from packages/contract by `npm run docs:generate`. Do not edit.
from __future__ import annotations

from typing import Any, AsyncIterator, Literal, Mapping, Optional, Sequence, Union

from .._async import AsyncPager, AsyncTransport
from .._values import UNSET, Amount, CallOptions, StreamOptions, Time, Unset
from . import models
from .operations import CALLS


class AsyncRegions:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListRegionsResult:
        """Regions and zones."""
        return await self._transport.value(models.ListRegionsResult, CALLS["listRegions"], (), {}, options)


class AsyncAccelerators:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListAcceleratorsResult:
        """Accelerator models."""
        return await self._transport.value(models.ListAcceleratorsResult, CALLS["listAccelerators"], (), {}, options)


class AsyncOffers:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        region_id: Union[str, Unset] = UNSET,
        accelerator_id: Union[str, Unset] = UNSET,
        currency: Union[Literal["CNY", "USD"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.ListOffersResult:
        """What can be rented now: price and live stock by model and region."""
        return await self._transport.value(models.ListOffersResult, CALLS["listOffers"], (), {"region_id": region_id, "accelerator_id": accelerator_id, "currency": currency}, options)


class AsyncOrganizations:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        name: str,
        mode: Union[Literal["live", "sandbox"], Unset] = UNSET,
        currency: Union[Literal["CNY", "USD"], Unset] = UNSET,
        country: Union[str, Unset] = UNSET,
        time_zone: Union[str, Unset] = UNSET,
        legal_name: Union[str, Unset] = UNSET,
        project_name: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.CreateOrganizationResult:
        """Create an organization and its first project."""
        return await self._transport.value(models.CreateOrganizationResult, CALLS["createOrganization"], (), {"name": name, "mode": mode, "currency": currency, "country": country, "time_zone": time_zone, "legal_name": legal_name, "project_name": project_name}, options)

    async def get(
        self,
        organization_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Organization:
        """Read an organization."""
        return await self._transport.value(models.Organization, CALLS["getOrganization"], (organization_id,), {}, options)

    async def update(
        self,
        organization_id: str,
        *,
        name: Union[str, Unset] = UNSET,
        legal_name: Union[str, Unset] = UNSET,
        address: Union[str, Unset] = UNSET,
        tax_id: Union[str, Unset] = UNSET,
        impersonation_consent: Union[bool, Unset] = UNSET,
        require_mfa: Union[bool, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Organization:
        """Change name, legal name, address or tax id.

        :param tax_id: In China the unified social credit code, in the European Union the VAT number; checked for its form
        :param impersonation_consent: For owners to decide
        :param require_mfa: Owners alone; needs a session with a second factor
        """
        return await self._transport.value(models.Organization, CALLS["updateOrganization"], (organization_id,), {"name": name, "legal_name": legal_name, "address": address, "tax_id": tax_id, "impersonation_consent": impersonation_consent, "require_mfa": require_mfa}, options)

    async def leave(
        self,
        organization_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Leave an organization."""
        return await self._transport.nothing(CALLS["leaveOrganization"], (organization_id,), {}, options)

    async def transfer(
        self,
        organization_id: str,
        *,
        membership_id: str,
        options: Optional[CallOptions] = None,
    ) -> models.Member:
        """Make a member an owner and yourself an admin.

        :param membership_id: The member who becomes an owner; you become an admin
        """
        return await self._transport.value(models.Member, CALLS["transferOwnership"], (organization_id,), {"membership_id": membership_id}, options)

    async def close(
        self,
        organization_id: str,
        *,
        slug: str,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Close an organization for good; refused with blockers while something lives or is owed.

        :param slug: The slug of the organization, so that no other is closed by mistake
        """
        return await self._transport.nothing(CALLS["closeOrganization"], (organization_id,), {"slug": slug}, options)


class AsyncTestClock:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def advance(
        self,
        organization_id: str,
        *,
        to: Time,
        options: Optional[CallOptions] = None,
    ) -> models.Organization:
        """Move a sandbox organization's billing time ahead; running workloads use the skipped time.

        :param to: New billing time, later than the present one, at most 31 days ahead
        """
        return await self._transport.value(models.Organization, CALLS["advanceTestClock"], (organization_id,), {"to": to}, options)


class AsyncProjects:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Project]:
        """List projects.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.Project, CALLS["listProjects"], (), {"limit": limit, "cursor": cursor}, options)

    async def create(
        self,
        *,
        name: str,
        slug: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Project:
        """Create a project."""
        return await self._transport.value(models.Project, CALLS["createProject"], (), {"name": name, "slug": slug}, options)

    async def get(
        self,
        project_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Project:
        """Read a project."""
        return await self._transport.value(models.Project, CALLS["getProject"], (project_id,), {}, options)


class AsyncAudit:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        action: Union[str, Unset] = UNSET,
        actor: Union[str, Unset] = UNSET,
        resource: Union[str, Unset] = UNSET,
        result: Union[Literal["success", "denied", "unknown"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.AuditEvent]:
        """Audit log, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        :param action: Beginning of the action, for example instance or member.modify
        :param actor: Exactly, or the operator behind it
        :param resource: Id of what was changed
        """
        return self._transport.pages(models.AuditEvent, CALLS["listAuditEvents"], (), {"limit": limit, "cursor": cursor, "action": action, "actor": actor, "resource": resource, "result": result}, options)

    async def export(
        self,
        *,
        from_seq: Union[int, Unset] = UNSET,
        count: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> bytes:
        """Audit log as lines of JSON, oldest first.

        :param from_seq: First entry
        :param count: Most entries
        """
        return await self._transport.content(CALLS["exportAuditEvents"], (), {"from_seq": from_seq, "count": count}, options)

    async def verify(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.AuditVerification:
        """Compute the hashes of the audit log again."""
        return await self._transport.value(models.AuditVerification, CALLS["verifyAuditChain"], (), {}, options)


class AsyncPassword:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def forgot(
        self,
        *,
        email: str,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Ask for a mail to set a new password."""
        return await self._transport.nothing(CALLS["forgotPassword"], (), {"email": email}, options)

    async def reset(
        self,
        *,
        token: str,
        password: str,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Set a new password with the token of a mail."""
        return await self._transport.nothing(CALLS["resetPassword"], (), {"token": token, "password": password}, options)

    async def change(
        self,
        *,
        current_password: str,
        password: str,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Change my password; other sessions end."""
        return await self._transport.nothing(CALLS["changePassword"], (), {"current_password": current_password, "password": password}, options)


class AsyncEmail:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def verify(
        self,
        *,
        token: str,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Confirm an e-mail address with the token of a mail."""
        return await self._transport.nothing(CALLS["verifyEmail"], (), {"token": token}, options)

    async def send(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Send the mail that confirms my address."""
        return await self._transport.nothing(CALLS["sendVerification"], (), {}, options)


class AsyncAccount:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def security(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.AccountSecurity:
        """How my account is secured."""
        return await self._transport.value(models.AccountSecurity, CALLS["getAccountSecurity"], (), {}, options)

    async def reauthenticate(
        self,
        *,
        password: Union[str, Unset] = UNSET,
        totp_code: Union[str, Unset] = UNSET,
        passkey: Union[Mapping[str, Any], Unset] = UNSET,
        ticket: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Reauthentication:
        """Prove again that it is me, before something sensitive.

        :param totp_code: Of the authenticator app
        :param passkey: The browser's answer (AuthenticationResponseJSON)
        :param ticket: Of POST /v1/me/passkeys/challenge; needed with passkey
        """
        return await self._transport.value(models.Reauthentication, CALLS["reauthenticate"], (), {"password": password, "totp_code": totp_code, "passkey": passkey, "ticket": ticket}, options)

    async def totp_start(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.StartTotpResult:
        """Begin to add an authenticator app."""
        return await self._transport.value(models.StartTotpResult, CALLS["startTotp"], (), {}, options)

    async def totp_confirm(
        self,
        *,
        totp_code: str,
        options: Optional[CallOptions] = None,
    ) -> models.ConfirmTotpResult:
        """Finish adding an authenticator app with its first code."""
        return await self._transport.value(models.ConfirmTotpResult, CALLS["confirmTotp"], (), {"totp_code": totp_code}, options)

    async def totp_remove(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Remove the authenticator app."""
        return await self._transport.nothing(CALLS["removeTotp"], (), {}, options)

    async def recovery_codes(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.RenewRecoveryCodesResult:
        """Make new recovery codes; the old ones end."""
        return await self._transport.value(models.RenewRecoveryCodesResult, CALLS["renewRecoveryCodes"], (), {}, options)

    async def passkeys_start(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.PasskeyChallenge:
        """Begin to add a passkey."""
        return await self._transport.value(models.PasskeyChallenge, CALLS["startPasskey"], (), {}, options)

    async def passkeys_add(
        self,
        *,
        ticket: str,
        name: str,
        passkey: Mapping[str, Any],
        options: Optional[CallOptions] = None,
    ) -> models.Passkey:
        """Add a passkey with the browser's answer."""
        return await self._transport.value(models.Passkey, CALLS["addPasskey"], (), {"ticket": ticket, "name": name, "passkey": passkey}, options)

    async def passkeys_remove(
        self,
        passkey_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Remove a passkey."""
        return await self._transport.nothing(CALLS["removePasskey"], (passkey_id,), {}, options)

    async def passkeys_challenge(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.PasskeyChallenge:
        """Begin to prove with a passkey that it is me."""
        return await self._transport.value(models.PasskeyChallenge, CALLS["startPasskeyProof"], (), {}, options)

    async def sessions_list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListSessionsResult:
        """Where I am signed in."""
        return await self._transport.value(models.ListSessionsResult, CALLS["listSessions"], (), {}, options)

    async def sessions_revoke(
        self,
        session_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """End one of my sessions."""
        return await self._transport.nothing(CALLS["revokeSession"], (session_id,), {}, options)

    async def sessions_revoke_others(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """End all my other sessions."""
        return await self._transport.nothing(CALLS["signOutEverywhere"], (), {}, options)


class AsyncDevice:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def start(
        self,
        *,
        client_name: str,
        options: Optional[CallOptions] = None,
    ) -> models.StartDeviceSignInResult:
        """Ask to sign in a command line.

        :param client_name: Of the machine that asks, shown to who approves
        """
        return await self._transport.value(models.StartDeviceSignInResult, CALLS["startDeviceSignIn"], (), {"client_name": client_name}, options)

    async def poll(
        self,
        *,
        device_code: str,
        options: Optional[CallOptions] = None,
    ) -> models.PollDeviceSignInResult:
        """Fetch the API key of a device once it is approved."""
        return await self._transport.value(models.PollDeviceSignInResult, CALLS["pollDeviceSignIn"], (), {"device_code": device_code}, options)

    async def look_up(
        self,
        *,
        user_code: str,
        options: Optional[CallOptions] = None,
    ) -> models.DeviceRequest:
        """Who asks with this code."""
        return await self._transport.value(models.DeviceRequest, CALLS["lookUpDevice"], (), {"user_code": user_code}, options)

    async def deny(
        self,
        *,
        user_code: str,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Refuse a device."""
        return await self._transport.nothing(CALLS["denyDevice"], (), {"user_code": user_code}, options)

    async def approve(
        self,
        *,
        user_code: str,
        scopes: Sequence[Literal["all:read", "all:write", "compute:read", "compute:write", "billing:read", "organization:read", "organization:write", "projects:read", "projects:write", "members:read", "members:write", "project-members:read", "project-members:write", "ssh-keys:read", "ssh-keys:write", "api-keys:read", "api-keys:write", "instances:read", "instances:write", "clusters:read", "clusters:write", "usage:read", "billing:write", "quotas:read", "quotas:write", "quota-requests:read", "quota-requests:write", "shares:write", "audit:read", "events:read", "webhooks:read", "webhooks:write", "test-clock:write"]],
        project_id: Union[str, Unset] = UNSET,
        expires_in_days: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Let a device have an API key of limited life.

        :param expires_in_days: Lifetime of the key
        """
        return await self._transport.nothing(CALLS["approveDevice"], (), {"user_code": user_code, "scopes": scopes, "project_id": project_id, "expires_in_days": expires_in_days}, options)


class AsyncMembers:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Member]:
        """List members.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.Member, CALLS["listMembers"], (), {"limit": limit, "cursor": cursor}, options)

    async def get(
        self,
        membership_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Member:
        """Read a member."""
        return await self._transport.value(models.Member, CALLS["getMember"], (membership_id,), {}, options)

    async def update(
        self,
        membership_id: str,
        *,
        role: Literal["owner", "admin", "billing", "auditor", "member"],
        options: Optional[CallOptions] = None,
    ) -> models.Member:
        """Change a member's role, to none above your own."""
        return await self._transport.value(models.Member, CALLS["updateMember"], (membership_id,), {"role": role}, options)

    async def remove(
        self,
        membership_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Remove a member; their sessions act here no more."""
        return await self._transport.nothing(CALLS["removeMember"], (membership_id,), {}, options)


class AsyncProjectMembers:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        project_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListProjectMembersResult:
        """Members with a role in a project."""
        return await self._transport.value(models.ListProjectMembersResult, CALLS["listProjectMembers"], (project_id,), {}, options)

    async def set(
        self,
        project_id: str,
        *,
        membership_id: str,
        role: Literal["admin", "operator", "viewer"],
        options: Optional[CallOptions] = None,
    ) -> models.ProjectMember:
        """Give a member a role in a project, or change it."""
        return await self._transport.value(models.ProjectMember, CALLS["setProjectMember"], (project_id,), {"membership_id": membership_id, "role": role}, options)

    async def remove(
        self,
        project_id: str,
        membership_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Take a member's role in a project away."""
        return await self._transport.nothing(CALLS["removeProjectMember"], (project_id, membership_id), {}, options)


class AsyncInvitations:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Invitation]:
        """List invitations, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.Invitation, CALLS["listInvitations"], (), {"limit": limit, "cursor": cursor}, options)

    async def create(
        self,
        *,
        email: str,
        role: Union[Literal["owner", "admin", "billing", "auditor", "member"], Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        project_role: Union[Literal["admin", "operator", "viewer"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Invitation:
        """Invite an address by mail; the link lives 72 hours.

        :param project_id: A first project
        :param project_role: The role in it; default: viewer
        """
        return await self._transport.value(models.Invitation, CALLS["createInvitation"], (), {"email": email, "role": role, "project_id": project_id, "project_role": project_role}, options)

    async def get(
        self,
        invitation_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Invitation:
        """Read an invitation."""
        return await self._transport.value(models.Invitation, CALLS["getInvitation"], (invitation_id,), {}, options)

    async def resend(
        self,
        invitation_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Invitation:
        """Send the mail again, with a new link; the old one ends."""
        return await self._transport.value(models.Invitation, CALLS["resendInvitation"], (invitation_id,), {}, options)

    async def revoke(
        self,
        invitation_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Take an invitation back."""
        return await self._transport.nothing(CALLS["revokeInvitation"], (invitation_id,), {}, options)

    async def accept(
        self,
        *,
        token: str,
        options: Optional[CallOptions] = None,
    ) -> models.AcceptedInvitation:
        """Accept an invitation to your verified address.

        :param token: From the link in the mail; it opens nothing but for the address it was sent to
        """
        return await self._transport.value(models.AcceptedInvitation, CALLS["acceptInvitation"], (), {"token": token}, options)


class AsyncQuotas:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListQuotasResult:
        """Quotas and what is used of them."""
        return await self._transport.value(models.ListQuotasResult, CALLS["listQuotas"], (), {}, options)

    async def set(
        self,
        project_id: str,
        *,
        metric: Literal["accelerators", "workloads", "api_keys", "accelerators:nvidia", "accelerators:amd", "accelerators:ascend", "accelerators:cambricon", "accelerators:hygon", "accelerators:mthreads", "accelerators:metax", "accelerators:iluvatar", "accelerators:kunlunxin", "accelerators:enflame", "accelerators:cpu", "accelerators:nvidia-h100-80g", "accelerators:nvidia-h200-141g", "accelerators:nvidia-h20-96g", "accelerators:nvidia-a100-80g", "accelerators:nvidia-l40s-48g", "accelerators:amd-mi300x-192g", "accelerators:ascend-910b3-64g", "accelerators:cambricon-mlu590-80g", "accelerators:hygon-k100-ai-64g", "accelerators:mthreads-s4000-48g", "accelerators:metax-c500-64g", "accelerators:kunlunxin-p800-96g", "accelerators:iluvatar-bi-v150-64g", "accelerators:cpu-small-2g"],
        limit: Optional[int],
        options: Optional[CallOptions] = None,
    ) -> models.SetProjectQuotaResult:
        """Set or lift a project's own limit inside the organization's quota.

        :param limit: null: as much as the organization has
        """
        return await self._transport.value(models.SetProjectQuotaResult, CALLS["setProjectQuota"], (project_id,), {"metric": metric, "limit": limit}, options)


class AsyncQuotaRequests:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.QuotaRequest]:
        """Requests for higher quotas, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.QuotaRequest, CALLS["listQuotaRequests"], (), {"limit": limit, "cursor": cursor}, options)

    async def create(
        self,
        *,
        metric: Literal["accelerators", "workloads", "ssh_keys", "api_keys", "accelerators:nvidia", "accelerators:amd", "accelerators:ascend", "accelerators:cambricon", "accelerators:hygon", "accelerators:mthreads", "accelerators:metax", "accelerators:iluvatar", "accelerators:kunlunxin", "accelerators:enflame", "accelerators:cpu", "accelerators:nvidia-h100-80g", "accelerators:nvidia-h200-141g", "accelerators:nvidia-h20-96g", "accelerators:nvidia-a100-80g", "accelerators:nvidia-l40s-48g", "accelerators:amd-mi300x-192g", "accelerators:ascend-910b3-64g", "accelerators:cambricon-mlu590-80g", "accelerators:hygon-k100-ai-64g", "accelerators:mthreads-s4000-48g", "accelerators:metax-c500-64g", "accelerators:kunlunxin-p800-96g", "accelerators:iluvatar-bi-v150-64g", "accelerators:cpu-small-2g"],
        wanted: int,
        reason: str,
        options: Optional[CallOptions] = None,
    ) -> models.QuotaRequest:
        """Ask for a higher quota.

        :param wanted: The limit that is wanted, not what is to be added
        """
        return await self._transport.value(models.QuotaRequest, CALLS["createQuotaRequest"], (), {"metric": metric, "wanted": wanted, "reason": reason}, options)

    async def get(
        self,
        quota_request_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.QuotaRequest:
        """Read a request for a higher quota."""
        return await self._transport.value(models.QuotaRequest, CALLS["getQuotaRequest"], (quota_request_id,), {}, options)

    async def withdraw(
        self,
        quota_request_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Take a request for a higher quota back."""
        return await self._transport.nothing(CALLS["withdrawQuotaRequest"], (quota_request_id,), {}, options)


class AsyncFapiao:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def request(
        self,
        invoice_id: str,
        *,
        kind: Literal["ordinary", "special"],
        buyer_title: str,
        tax_id: str,
        email: str,
        address: Union[str, Unset] = UNSET,
        phone: Union[str, Unset] = UNSET,
        bank_name: Union[str, Unset] = UNSET,
        bank_account: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.FapiaoRequest:
        """Ask for a fapiao over what was paid on an invoice.

        :param kind: special: the buyer deducts the tax
        :param buyer_title: Name of the buyer as registered
        :param tax_id: Unified social credit code
        :param email: Where the fapiao is sent
        """
        return await self._transport.value(models.FapiaoRequest, CALLS["createFapiaoRequest"], (invoice_id,), {"kind": kind, "buyer_title": buyer_title, "tax_id": tax_id, "address": address, "phone": phone, "bank_name": bank_name, "bank_account": bank_account, "email": email}, options)

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        invoice_id: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.FapiaoRequest]:
        """Requests for a fapiao, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.FapiaoRequest, CALLS["listFapiaoRequests"], (), {"limit": limit, "cursor": cursor, "invoice_id": invoice_id}, options)

    async def get(
        self,
        fapiao_request_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.FapiaoRequest:
        """Read a request for a fapiao."""
        return await self._transport.value(models.FapiaoRequest, CALLS["getFapiaoRequest"], (fapiao_request_id,), {}, options)


class AsyncImpersonations:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListImpersonationsResult:
        """Who of the operator looked into the organization, newest first."""
        return await self._transport.value(models.ListImpersonationsResult, CALLS["listImpersonations"], (), {}, options)

    async def consent(
        self,
        impersonation_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Impersonation:
        """Let an operator look in, for the time that was asked for."""
        return await self._transport.value(models.Impersonation, CALLS["consentToImpersonation"], (impersonation_id,), {}, options)

    async def end(
        self,
        impersonation_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Impersonation:
        """Refuse an operator, or end it at once."""
        return await self._transport.value(models.Impersonation, CALLS["endImpersonation"], (impersonation_id,), {}, options)


class AsyncSshKeys:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.SshKey]:
        """List SSH keys.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.SshKey, CALLS["listSshKeys"], (), {"limit": limit, "cursor": cursor}, options)

    async def create(
        self,
        *,
        name: str,
        public_key: str,
        options: Optional[CallOptions] = None,
    ) -> models.SshKey:
        """Add an SSH public key.

        :param public_key: OpenSSH public key: ssh-ed25519, ecdsa-sha2-nistp*, or ssh-rsa of 2048 bits or more
        """
        return await self._transport.value(models.SshKey, CALLS["createSshKey"], (), {"name": name, "public_key": public_key}, options)

    async def get(
        self,
        ssh_key_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.SshKey:
        """Read an SSH key."""
        return await self._transport.value(models.SshKey, CALLS["getSshKey"], (ssh_key_id,), {}, options)

    async def delete(
        self,
        ssh_key_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Delete an SSH key."""
        return await self._transport.nothing(CALLS["deleteSshKey"], (ssh_key_id,), {}, options)


class AsyncApiKeys:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.ApiKey]:
        """List API keys.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.ApiKey, CALLS["listApiKeys"], (), {"limit": limit, "cursor": cursor}, options)

    async def deprecated_calls(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListDeprecatedCallsResult:
        """List who still calls operations that are going."""
        return await self._transport.value(models.ListDeprecatedCallsResult, CALLS["listDeprecatedCalls"], (), {}, options)

    async def create(
        self,
        *,
        name: str,
        scopes: Sequence[Literal["all:read", "all:write", "compute:read", "compute:write", "billing:read", "organization:read", "organization:write", "projects:read", "projects:write", "members:read", "members:write", "project-members:read", "project-members:write", "ssh-keys:read", "ssh-keys:write", "api-keys:read", "api-keys:write", "instances:read", "instances:write", "clusters:read", "clusters:write", "usage:read", "billing:write", "quotas:read", "quotas:write", "quota-requests:read", "quota-requests:write", "shares:write", "audit:read", "events:read", "webhooks:read", "webhooks:write", "test-clock:write"]],
        project_id: Union[str, Unset] = UNSET,
        expires_in_days: Union[int, Unset] = UNSET,
        allowed_cidrs: Union[Sequence[str], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.CreateApiKeyResult:
        """Create an API key; its secret is shown once.

        :param allowed_cidrs: Networks it may be used from, for example 203.0.113.0/24; empty: from anywhere
        """
        return await self._transport.value(models.CreateApiKeyResult, CALLS["createApiKey"], (), {"name": name, "scopes": scopes, "project_id": project_id, "expires_in_days": expires_in_days, "allowed_cidrs": allowed_cidrs}, options)

    async def get(
        self,
        api_key_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ApiKey:
        """Read an API key."""
        return await self._transport.value(models.ApiKey, CALLS["getApiKey"], (api_key_id,), {}, options)

    async def update(
        self,
        api_key_id: str,
        *,
        name: Union[str, Unset] = UNSET,
        allowed_cidrs: Union[Sequence[str], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.ApiKey:
        """Change the name of an API key or the networks it may be used from.

        :param allowed_cidrs: Networks it may be used from, for example 203.0.113.0/24; empty: from anywhere
        """
        return await self._transport.value(models.ApiKey, CALLS["updateApiKey"], (api_key_id,), {"name": name, "allowed_cidrs": allowed_cidrs}, options)

    async def roll(
        self,
        api_key_id: str,
        *,
        overlap_seconds: Union[int, Unset] = UNSET,
        expires_in_days: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.RollApiKeyResult:
        """Replace an API key by a new one with the same rights; both open until the overlap ends.

        :param overlap_seconds: How long the old key still opens; 0: not at all
        :param expires_in_days: Lifetime of the new key
        """
        return await self._transport.value(models.RollApiKeyResult, CALLS["rollApiKey"], (api_key_id,), {"overlap_seconds": overlap_seconds, "expires_in_days": expires_in_days}, options)

    async def revoke(
        self,
        api_key_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Revoke an API key at once."""
        return await self._transport.nothing(CALLS["revokeApiKey"], (api_key_id,), {}, options)


class AsyncSecretScanning:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def report(
        self,
        *,
        findings: Sequence[models.ReportLeakedKeysFinding],
        options: Optional[CallOptions] = None,
    ) -> models.ReportLeakedKeysResult:
        """Report keys that were found in public: real ones are revoked at once and their owners told."""
        return await self._transport.value(models.ReportLeakedKeysResult, CALLS["reportLeakedKeys"], (), {"findings": findings}, options)


class AsyncInstances:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        name: str,
        region_id: str,
        accelerator_id: str,
        validate_only: Union[bool, Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        zone_id: Union[str, Unset] = UNSET,
        image: Union[str, Unset] = UNSET,
        ssh_key_ids: Union[Sequence[str], Unset] = UNSET,
        startup_script: Union[str, Unset] = UNSET,
        environment: Union[Mapping[str, str], Unset] = UNSET,
        labels: Union[Mapping[str, str], Unset] = UNSET,
        deletion_protection: Union[bool, Unset] = UNSET,
        on_capacity: Union[Literal["fail", "queue"], Unset] = UNSET,
        priority_class: Union[str, Unset] = UNSET,
        preemptible: Union[bool, Unset] = UNSET,
        movable: Union[bool, Unset] = UNSET,
        expected_duration_s: Union[int, Unset] = UNSET,
        not_before: Union[Time, Unset] = UNSET,
        max_wait_s: Union[int, Unset] = UNSET,
        max_duration_s: Union[int, Unset] = UNSET,
        gpus: Union[Literal[1, 2, 4, 8], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Instance:
        """Launch an instance.

        :param validate_only: true: answer 200 with the resource as it would be, or the error, either with a verdict on price, quota, money and capacity, without creating anything; needs no Idempotency-Key
        :param project_id: Default: the project of the key, else the first project
        :param zone_id: Only in this zone; default: any of the region
        :param on_capacity: When there is no capacity: answer 409, or wait in the queue
        :param priority_class: Default: the default class; see GET /v1/priority-classes
        :param preemptible: May be interrupted with notice when others need the capacity; it starts again by itself
        :param movable: May be stopped and started on another node when its node is taken out of service
        :param expected_duration_s: How long it will run, as a guess: shorter requests may start before longer ones
        :param not_before: Starts no sooner; at most 30 days ahead; needs "on_capacity": "queue"
        :param max_wait_s: Given up when it has waited this long for capacity, counted from not_before where that is later; needs "on_capacity": "queue"; default 30 days
        :param max_duration_s: Every run is stopped when it has lasted this long, and not billed longer: what is certain to end may start beside promises to others
        """
        return await self._transport.value(models.Instance, CALLS["createInstance"], (), {"validate_only": validate_only, "project_id": project_id, "name": name, "region_id": region_id, "zone_id": zone_id, "accelerator_id": accelerator_id, "image": image, "ssh_key_ids": ssh_key_ids, "startup_script": startup_script, "environment": environment, "labels": labels, "deletion_protection": deletion_protection, "on_capacity": on_capacity, "priority_class": priority_class, "preemptible": preemptible, "movable": movable, "expected_duration_s": expected_duration_s, "not_before": not_before, "max_wait_s": max_wait_s, "max_duration_s": max_duration_s, "gpus": gpus}, options)

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        state: Union[models.WorkloadState, Unset] = UNSET,
        q: Union[str, Unset] = UNSET,
        live: Union[bool, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Instance]:
        """List instances, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        :param q: Part of the name
        :param live: true: only what is not terminated or failed
        """
        return self._transport.pages(models.Instance, CALLS["listInstances"], (), {"limit": limit, "cursor": cursor, "project_id": project_id, "state": state, "q": q, "live": live}, options)

    async def get(
        self,
        instance_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Instance:
        """Read an instance."""
        return await self._transport.value(models.Instance, CALLS["getInstance"], (instance_id,), {}, options)

    async def update(
        self,
        instance_id: str,
        *,
        labels: Union[Mapping[str, str], Unset] = UNSET,
        deletion_protection: Union[bool, Unset] = UNSET,
        priority_class: Union[str, Unset] = UNSET,
        preemptible: Union[bool, Unset] = UNSET,
        movable: Union[bool, Unset] = UNSET,
        expected_duration_s: Union[Optional[int], Unset] = UNSET,
        max_duration_s: Union[Optional[int], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Instance:
        """Change labels, protection, or how it is scheduled.

        :param labels: Replaces all labels
        :param priority_class: Default: the default class; see GET /v1/priority-classes
        :param preemptible: May be interrupted with notice when others need the capacity; it starts again by itself
        :param movable: May be stopped and started on another node when its node is taken out of service
        """
        return await self._transport.value(models.Instance, CALLS["updateInstance"], (instance_id,), {"labels": labels, "deletion_protection": deletion_protection, "priority_class": priority_class, "preemptible": preemptible, "movable": movable, "expected_duration_s": expected_duration_s, "max_duration_s": max_duration_s}, options)

    async def stop(
        self,
        instance_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Instance:
        """Stop; compute billing ends at once."""
        return await self._transport.value(models.Instance, CALLS["stopInstance"], (instance_id,), {}, options)

    async def start(
        self,
        instance_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Instance:
        """Start a stopped instance on any equal node."""
        return await self._transport.value(models.Instance, CALLS["startInstance"], (instance_id,), {}, options)

    async def terminate(
        self,
        instance_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Instance:
        """Terminate for good."""
        return await self._transport.value(models.Instance, CALLS["terminateInstance"], (instance_id,), {}, options)

    async def events(
        self,
        instance_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListInstanceEventsResult:
        """State history with actor and cause."""
        return await self._transport.value(models.ListInstanceEventsResult, CALLS["listInstanceEvents"], (instance_id,), {}, options)

    async def metrics(
        self,
        instance_id: str,
        *,
        from_s: Union[int, Unset] = UNSET,
        to_s: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Metrics:
        """Per-second utilization, live.

        :param from_s: First second, billing time; default five minutes ago
        :param to_s: End, exclusive; default now; at most 6 hours after from_s
        """
        return await self._transport.value(models.Metrics, CALLS["getInstanceMetrics"], (instance_id,), {"from_s": from_s, "to_s": to_s}, options)

    async def cost(
        self,
        instance_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Cost:
        """Running cost to the second."""
        return await self._transport.value(models.Cost, CALLS["getInstanceCost"], (instance_id,), {}, options)

    async def logs(
        self,
        instance_id: str,
        *,
        rank: Union[int, Unset] = UNSET,
        tail: Union[int, Unset] = UNSET,
        since: Union[Time, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Logs:
        """Workload log.

        :param rank: Node of a cluster, from 0
        :param tail: Only the newest so many lines
        :param since: Only lines of this instant and later
        :param cursor: Goes on after the lines of an earlier answer; tail and since no longer count
        """
        return await self._transport.value(models.Logs, CALLS["getInstanceLogs"], (instance_id,), {"rank": rank, "tail": tail, "since": since, "cursor": cursor}, options)

    async def ticket(
        self,
        instance_id: str,
        *,
        rank: Union[int, Unset] = UNSET,
        command: Union[Optional[Sequence[str]], Unset] = UNSET,
        tty: Union[bool, Unset] = UNSET,
        columns: Union[int, Unset] = UNSET,
        rows: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.TerminalTicket:
        """A ticket for a terminal, or for one command, over a WebSocket.

        :param rank: Node of a cluster, from 0
        :param command: Program and arguments, at most 6000 bytes; null: a login shell
        :param tty: With a terminal; a login shell has one always
        """
        return await self._transport.value(models.TerminalTicket, CALLS["openInstanceTerminal"], (instance_id,), {"rank": rank, "command": command, "tty": tty, "columns": columns, "rows": rows}, options)


class AsyncClusters:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        name: str,
        region_id: str,
        accelerator_id: str,
        node_count: int,
        validate_only: Union[bool, Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        zone_id: Union[str, Unset] = UNSET,
        image: Union[str, Unset] = UNSET,
        ssh_key_ids: Union[Sequence[str], Unset] = UNSET,
        startup_script: Union[str, Unset] = UNSET,
        environment: Union[Mapping[str, str], Unset] = UNSET,
        labels: Union[Mapping[str, str], Unset] = UNSET,
        deletion_protection: Union[bool, Unset] = UNSET,
        on_capacity: Union[Literal["fail", "queue"], Unset] = UNSET,
        priority_class: Union[str, Unset] = UNSET,
        preemptible: Union[bool, Unset] = UNSET,
        movable: Union[bool, Unset] = UNSET,
        expected_duration_s: Union[int, Unset] = UNSET,
        not_before: Union[Time, Unset] = UNSET,
        max_wait_s: Union[int, Unset] = UNSET,
        max_duration_s: Union[int, Unset] = UNSET,
        gpus_per_node: Union[Literal[8], Unset] = UNSET,
        topology: Union[Literal["any", "same_spine", "same_leaf"], Unset] = UNSET,
        topology_mode: Union[Literal["required", "preferred"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Cluster:
        """Launch a cluster: all nodes or none.

        :param validate_only: true: answer 200 with the resource as it would be, or the error, either with a verdict on price, quota, money and capacity, without creating anything; needs no Idempotency-Key
        :param project_id: Default: the project of the key, else the first project
        :param zone_id: Only in this zone; default: any of the region
        :param on_capacity: When there is no capacity: answer 409, or wait in the queue
        :param priority_class: Default: the default class; see GET /v1/priority-classes
        :param preemptible: May be interrupted with notice when others need the capacity; it starts again by itself
        :param movable: May be stopped and started on another node when its node is taken out of service
        :param expected_duration_s: How long it will run, as a guess: shorter requests may start before longer ones
        :param not_before: Starts no sooner; at most 30 days ahead; needs "on_capacity": "queue"
        :param max_wait_s: Given up when it has waited this long for capacity, counted from not_before where that is later; needs "on_capacity": "queue"; default 30 days
        :param max_duration_s: Every run is stopped when it has lasted this long, and not billed longer: what is certain to end may start beside promises to others
        :param topology_mode: preferred: a looser topology is taken when this one cannot be had
        """
        return await self._transport.value(models.Cluster, CALLS["createCluster"], (), {"validate_only": validate_only, "project_id": project_id, "name": name, "region_id": region_id, "zone_id": zone_id, "accelerator_id": accelerator_id, "image": image, "ssh_key_ids": ssh_key_ids, "startup_script": startup_script, "environment": environment, "labels": labels, "deletion_protection": deletion_protection, "on_capacity": on_capacity, "priority_class": priority_class, "preemptible": preemptible, "movable": movable, "expected_duration_s": expected_duration_s, "not_before": not_before, "max_wait_s": max_wait_s, "max_duration_s": max_duration_s, "node_count": node_count, "gpus_per_node": gpus_per_node, "topology": topology, "topology_mode": topology_mode}, options)

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        state: Union[models.WorkloadState, Unset] = UNSET,
        q: Union[str, Unset] = UNSET,
        live: Union[bool, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Cluster]:
        """List clusters, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        :param q: Part of the name
        :param live: true: only what is not terminated or failed
        """
        return self._transport.pages(models.Cluster, CALLS["listClusters"], (), {"limit": limit, "cursor": cursor, "project_id": project_id, "state": state, "q": q, "live": live}, options)

    async def get(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Cluster:
        """Read a cluster and its nodes."""
        return await self._transport.value(models.Cluster, CALLS["getCluster"], (cluster_id,), {}, options)

    async def update(
        self,
        cluster_id: str,
        *,
        labels: Union[Mapping[str, str], Unset] = UNSET,
        deletion_protection: Union[bool, Unset] = UNSET,
        priority_class: Union[str, Unset] = UNSET,
        preemptible: Union[bool, Unset] = UNSET,
        movable: Union[bool, Unset] = UNSET,
        expected_duration_s: Union[Optional[int], Unset] = UNSET,
        max_duration_s: Union[Optional[int], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Cluster:
        """Change labels, protection, or how it is scheduled.

        :param labels: Replaces all labels
        :param priority_class: Default: the default class; see GET /v1/priority-classes
        :param preemptible: May be interrupted with notice when others need the capacity; it starts again by itself
        :param movable: May be stopped and started on another node when its node is taken out of service
        """
        return await self._transport.value(models.Cluster, CALLS["updateCluster"], (cluster_id,), {"labels": labels, "deletion_protection": deletion_protection, "priority_class": priority_class, "preemptible": preemptible, "movable": movable, "expected_duration_s": expected_duration_s, "max_duration_s": max_duration_s}, options)

    async def stop(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Cluster:
        """Stop every node; compute billing ends at once."""
        return await self._transport.value(models.Cluster, CALLS["stopCluster"], (cluster_id,), {}, options)

    async def start(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Cluster:
        """Start a stopped cluster: all nodes or none."""
        return await self._transport.value(models.Cluster, CALLS["startCluster"], (cluster_id,), {}, options)

    async def terminate(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Cluster:
        """Terminate for good."""
        return await self._transport.value(models.Cluster, CALLS["terminateCluster"], (cluster_id,), {}, options)

    async def events(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListClusterEventsResult:
        """State history with actor and cause."""
        return await self._transport.value(models.ListClusterEventsResult, CALLS["listClusterEvents"], (cluster_id,), {}, options)

    async def metrics(
        self,
        cluster_id: str,
        *,
        from_s: Union[int, Unset] = UNSET,
        to_s: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Metrics:
        """Per-second utilization of every node, live.

        :param from_s: First second, billing time; default five minutes ago
        :param to_s: End, exclusive; default now; at most 6 hours after from_s
        """
        return await self._transport.value(models.Metrics, CALLS["getClusterMetrics"], (cluster_id,), {"from_s": from_s, "to_s": to_s}, options)

    async def cost(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Cost:
        """Running cost to the second."""
        return await self._transport.value(models.Cost, CALLS["getClusterCost"], (cluster_id,), {}, options)

    async def logs(
        self,
        cluster_id: str,
        *,
        rank: Union[int, Unset] = UNSET,
        tail: Union[int, Unset] = UNSET,
        since: Union[Time, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Logs:
        """Log of a node.

        :param rank: Node of a cluster, from 0
        :param tail: Only the newest so many lines
        :param since: Only lines of this instant and later
        :param cursor: Goes on after the lines of an earlier answer; tail and since no longer count
        """
        return await self._transport.value(models.Logs, CALLS["getClusterLogs"], (cluster_id,), {"rank": rank, "tail": tail, "since": since, "cursor": cursor}, options)

    async def rendezvous(
        self,
        cluster_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Rendezvous:
        """How the processes of a cluster find each other."""
        return await self._transport.value(models.Rendezvous, CALLS["getClusterRendezvous"], (cluster_id,), {}, options)

    async def ticket(
        self,
        cluster_id: str,
        *,
        rank: Union[int, Unset] = UNSET,
        command: Union[Optional[Sequence[str]], Unset] = UNSET,
        tty: Union[bool, Unset] = UNSET,
        columns: Union[int, Unset] = UNSET,
        rows: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.TerminalTicket:
        """A ticket for a terminal, or one command, on a node of a cluster.

        :param rank: Node of a cluster, from 0
        :param command: Program and arguments, at most 6000 bytes; null: a login shell
        :param tty: With a terminal; a login shell has one always
        """
        return await self._transport.value(models.TerminalTicket, CALLS["openClusterTerminal"], (cluster_id,), {"rank": rank, "command": command, "tty": tty, "columns": columns, "rows": rows}, options)


class AsyncOperations:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(
        self,
        operation_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Operation:
        """Read an operation and its steps."""
        return await self._transport.value(models.Operation, CALLS["getOperation"], (operation_id,), {}, options)

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        resource_id: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Operation]:
        """List operations, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.Operation, CALLS["listOperations"], (), {"limit": limit, "cursor": cursor, "resource_id": resource_id}, options)


class AsyncQueue:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        region_id: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.QueueEntry]:
        """What waits for accelerators, longest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.QueueEntry, CALLS["listQueue"], (), {"limit": limit, "cursor": cursor, "project_id": project_id, "region_id": region_id}, options)

    async def get(
        self,
        resource_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.QueueEntry:
        """Why one instance or cluster waits, and when it will start."""
        return await self._transport.value(models.QueueEntry, CALLS["getQueueEntry"], (resource_id,), {}, options)

    async def classes(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListPriorityClassesResult:
        """Priority classes, highest first."""
        return await self._transport.value(models.ListPriorityClassesResult, CALLS["listPriorityClasses"], (), {}, options)


class AsyncShares:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.GetSharesResult:
        """Shares of the organization and its projects."""
        return await self._transport.value(models.GetSharesResult, CALLS["getShares"], (), {}, options)

    async def update(
        self,
        project_id: str,
        *,
        weight: Union[int, Unset] = UNSET,
        over_quota_weight: Union[int, Unset] = UNSET,
        guaranteed: Union[Sequence[models.UpdateProjectShareGuaranteed], Unset] = UNSET,
        borrowing_limits: Union[Sequence[models.UpdateProjectShareBorrowingLimit], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Share:
        """Change a project's share of the organization.

        :param guaranteed: Replaces all guarantees
        :param borrowing_limits: Replaces all limits
        """
        return await self._transport.value(models.Share, CALLS["updateProjectShare"], (project_id,), {"weight": weight, "over_quota_weight": over_quota_weight, "guaranteed": guaranteed, "borrowing_limits": borrowing_limits}, options)


class AsyncEvents:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        type: Union[str, Unset] = UNSET,
        resource: Union[str, Unset] = UNSET,
        actor: Union[str, Unset] = UNSET,
        since: Union[Time, Unset] = UNSET,
        until: Union[Time, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Event]:
        """What changed in the last 30 days, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        :param type: Only these, for example `instance.*`
        :param resource: Only about this resource
        :param actor: Only what this person, key or part of the platform did, as the audit log names it
        :param since: Only from this instant on
        :param until: Only before this instant
        """
        return self._transport.pages(models.Event, CALLS["listEvents"], (), {"limit": limit, "cursor": cursor, "type": type, "resource": resource, "actor": actor, "since": since, "until": until}, options)

    def stream(
        self,
        *,
        type: Union[str, Unset] = UNSET,
        max_seconds: Union[int, Unset] = UNSET,
        options: Optional[StreamOptions] = None,
    ) -> AsyncIterator[models.Event]:
        """Events as they happen (server-sent events); Last-Event-ID goes on where a stream ended.

        :param type: Only these, for example `instance.*`
        :param max_seconds: The stream ends after so long
        """
        return self._transport.events(models.Event, CALLS["listEvents"], CALLS["streamEvents"], (), {"type": type, "max_seconds": max_seconds}, options)


class AsyncWebhooks:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Webhook]:
        """List webhooks.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.Webhook, CALLS["listWebhooks"], (), {"limit": limit, "cursor": cursor}, options)

    async def create(
        self,
        *,
        url: str,
        description: Union[str, Unset] = UNSET,
        event_types: Union[Sequence[str], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.CreateWebhookResult:
        """Have events sent to an address; the secret is shown once.

        :param url: https address that receives POST requests; reachable from the internet, without a user name in it
        """
        return await self._transport.value(models.CreateWebhookResult, CALLS["createWebhook"], (), {"url": url, "description": description, "event_types": event_types}, options)

    async def get(
        self,
        webhook_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Webhook:
        """Read a webhook."""
        return await self._transport.value(models.Webhook, CALLS["getWebhook"], (webhook_id,), {}, options)

    async def update(
        self,
        webhook_id: str,
        *,
        url: Union[str, Unset] = UNSET,
        description: Union[str, Unset] = UNSET,
        event_types: Union[Sequence[str], Unset] = UNSET,
        status: Union[Literal["enabled", "disabled"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Webhook:
        """Change a webhook, turn it off or on again.

        :param url: https address that receives POST requests; reachable from the internet, without a user name in it
        """
        return await self._transport.value(models.Webhook, CALLS["updateWebhook"], (webhook_id,), {"url": url, "description": description, "event_types": event_types, "status": status}, options)

    async def delete(
        self,
        webhook_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Delete a webhook; what was not delivered yet is not sent."""
        return await self._transport.nothing(CALLS["deleteWebhook"], (webhook_id,), {}, options)

    async def rotate_secret(
        self,
        webhook_id: str,
        *,
        overlap_seconds: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.RotateWebhookSecretResult:
        """A new secret; both sign while they overlap.

        :param overlap_seconds: How long the old secret signs, too
        """
        return await self._transport.value(models.RotateWebhookSecretResult, CALLS["rotateWebhookSecret"], (webhook_id,), {"overlap_seconds": overlap_seconds}, options)

    async def probe(
        self,
        webhook_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.WebhookDelivery:
        """Send a test event."""
        return await self._transport.value(models.WebhookDelivery, CALLS["probeWebhook"], (webhook_id,), {}, options)

    def deliveries(
        self,
        webhook_id: str,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        status: Union[Literal["pending", "delivered", "failed", "canceled"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.WebhookDelivery]:
        """What was sent, with every attempt, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.WebhookDelivery, CALLS["listWebhookDeliveries"], (webhook_id,), {"limit": limit, "cursor": cursor, "status": status}, options)

    async def replay(
        self,
        webhook_id: str,
        delivery_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.WebhookDelivery:
        """Send it again."""
        return await self._transport.value(models.WebhookDelivery, CALLS["replayWebhookDelivery"], (webhook_id, delivery_id), {}, options)


class AsyncUsage:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(
        self,
        *,
        from_: Union[Time, Unset] = UNSET,
        to: Union[Time, Unset] = UNSET,
        project_id: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.UsageReport:
        """Usage to the second, with cost.

        :param from_: Default: start of the present billing period
        :param to: Default: now
        """
        return await self._transport.value(models.UsageReport, CALLS["getUsage"], (), {"from": from_, "to": to, "project_id": project_id}, options)

    async def costs(
        self,
        *,
        from_: Union[Time, Unset] = UNSET,
        to: Union[Time, Unset] = UNSET,
        by: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.CostReport:
        """Cost by project, workload, SKU, day, creator or label.

        :param from_: Default: start of the present billing period
        :param to: Default: now
        """
        return await self._transport.value(models.CostReport, CALLS["getCosts"], (), {"from": from_, "to": to, "by": by}, options)

    async def idle(
        self,
        *,
        minutes: Union[int, Unset] = UNSET,
        threshold_percent: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.IdleReport:
        """Accelerators that do nothing, and the money they burn.

        :param minutes: Idle in each of the last so many minutes
        :param threshold_percent: Idle is less utilization than this
        """
        return await self._transport.value(models.IdleReport, CALLS["listIdle"], (), {"minutes": minutes, "threshold_percent": threshold_percent}, options)

    def blocks(
        self,
        allocation_id: str,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.EvidenceBlock]:
        """The usage blocks of one allocation.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.EvidenceBlock, CALLS["listUsageBlocks"], (allocation_id,), {"limit": limit, "cursor": cursor}, options)


class AsyncIdlePolicies:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListIdlePoliciesResult:
        """What becomes of idle workloads, by project."""
        return await self._transport.value(models.ListIdlePoliciesResult, CALLS["listIdlePolicies"], (), {}, options)

    async def set(
        self,
        project_id: str,
        *,
        enabled: bool,
        threshold_percent: Union[int, Unset] = UNSET,
        idle_minutes: Union[int, Unset] = UNSET,
        warn_minutes: Union[int, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.IdlePolicy:
        """Stop idle workloads of a project, after a warning."""
        return await self._transport.value(models.IdlePolicy, CALLS["setIdlePolicy"], (project_id,), {"enabled": enabled, "threshold_percent": threshold_percent, "idle_minutes": idle_minutes, "warn_minutes": warn_minutes}, options)


class AsyncBilling:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def balance(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Balance:
        """Balance, unbilled usage and runway."""
        return await self._transport.value(models.Balance, CALLS["getBalance"], (), {}, options)

    async def top_up(
        self,
        *,
        amount: Amount,
        method: Union[Literal["bank_transfer", "card", "alipay", "wechat_pay"], Unset] = UNSET,
        payment_method_id: Union[str, Unset] = UNSET,
        return_url: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Payment:
        """Add to the balance: at once in a sandbox, else online or by bank transfer that the operator confirms.

        :param payment_method_id: A saved card; default: the default one
        :param return_url: Where the customer comes back to
        """
        return await self._transport.value(models.Payment, CALLS["createTopUp"], (), {"amount": amount, "method": method, "payment_method_id": payment_method_id, "return_url": return_url}, options)

    def payments(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.Payment]:
        """Payments, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.Payment, CALLS["listPayments"], (), {"limit": limit, "cursor": cursor}, options)

    def ledger(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.LedgerLine]:
        """What changed the balance, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.LedgerLine, CALLS["listLedger"], (), {"limit": limit, "cursor": cursor}, options)

    async def settings(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.BillingSettings:
        """How the account pays, and what happens when the money runs out."""
        return await self._transport.value(models.BillingSettings, CALLS["getBillingSettings"], (), {}, options)

    async def settings_update(
        self,
        *,
        auto_top_up: models.UpdateBillingSettingsAutoTopUp,
        options: Optional[CallOptions] = None,
    ) -> models.BillingSettings:
        """Set up automatic top-up."""
        return await self._transport.value(models.BillingSettings, CALLS["updateBillingSettings"], (), {"auto_top_up": auto_top_up}, options)

    async def payment(
        self,
        payment_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Payment:
        """One payment, with what the customer still has to do."""
        return await self._transport.value(models.Payment, CALLS["getPayment"], (payment_id,), {}, options)

    async def payment_methods(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListPaymentMethodsResult:
        """Saved cards."""
        return await self._transport.value(models.ListPaymentMethodsResult, CALLS["listPaymentMethods"], (), {}, options)

    async def payment_methods_add(
        self,
        *,
        return_url: str,
        options: Optional[CallOptions] = None,
    ) -> models.PaymentMethod:
        """Save a card on the page of the provider.

        :param return_url: Where the customer comes back to
        """
        return await self._transport.value(models.PaymentMethod, CALLS["addPaymentMethod"], (), {"return_url": return_url}, options)

    async def payment_methods_remove(
        self,
        payment_method_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Forget a saved card."""
        return await self._transport.nothing(CALLS["removePaymentMethod"], (payment_method_id,), {}, options)

    async def credits(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListCreditGrantsResult:
        """Promotional credit: what is left, and until when."""
        return await self._transport.value(models.ListCreditGrantsResult, CALLS["listCreditGrants"], (), {}, options)

    async def forecast(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Forecast:
        """Forecast of the running period, and how long the money lasts."""
        return await self._transport.value(models.Forecast, CALLS["getForecast"], (), {}, options)

    def events(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.BillingEvent]:
        """Warnings and budget alerts, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.BillingEvent, CALLS["listBillingEvents"], (), {"limit": limit, "cursor": cursor}, options)

    async def redeem(
        self,
        *,
        coupon_code: str,
        options: Optional[CallOptions] = None,
    ) -> models.CreditGrant:
        """Redeem a promotional code for credit, once."""
        return await self._transport.value(models.CreditGrant, CALLS["redeemCoupon"], (), {"coupon_code": coupon_code}, options)

    async def terms(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.BillingTerms:
        """Prices and commitment that the account has agreed on."""
        return await self._transport.value(models.BillingTerms, CALLS["getBillingTerms"], (), {}, options)


class AsyncInvoices:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.InvoiceSummary]:
        """Invoices, newest first, those not final yet on top.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.InvoiceSummary, CALLS["listInvoices"], (), {"limit": limit, "cursor": cursor}, options)

    async def get(
        self,
        invoice_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Invoice:
        """Read an invoice with its lines."""
        return await self._transport.value(models.Invoice, CALLS["getInvoice"], (invoice_id,), {}, options)

    def evidence(
        self,
        invoice_id: str,
        *,
        key: str,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.EvidenceBlock]:
        """The usage blocks a line was made of.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        :param key: Key of the line
        """
        return self._transport.pages(models.EvidenceBlock, CALLS["listInvoiceEvidence"], (invoice_id,), {"limit": limit, "cursor": cursor, "key": key}, options)

    async def proof(
        self,
        invoice_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.InvoiceProof:
        """Prices, terms and seals, to derive the invoice again."""
        return await self._transport.value(models.InvoiceProof, CALLS["getInvoiceProof"], (invoice_id,), {}, options)

    async def csv(
        self,
        invoice_id: str,
        *,
        format: Union[Literal["lines", "focus"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> bytes:
        """The invoice as CSV: lines, or rows of FOCUS.

        :param format: focus: FinOps Open Cost and Usage Specification
        """
        return await self._transport.content(CALLS["exportInvoice"], (invoice_id,), {"format": format}, options)

    async def pdf(
        self,
        invoice_id: str,
        *,
        locale: Union[Literal["en", "zh-CN"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> bytes:
        """The invoice as PDF.

        :param locale: Default: the organisation's language
        """
        return await self._transport.content(CALLS["getInvoicePdf"], (invoice_id,), {"locale": locale}, options)

    async def pay(
        self,
        invoice_id: str,
        *,
        method: Literal["card", "alipay", "wechat_pay"],
        return_url: str,
        payment_method_id: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Payment:
        """Pay what is due on an invoice online.

        :param payment_method_id: A saved card; default: the default one
        :param return_url: Where the customer comes back to
        """
        return await self._transport.value(models.Payment, CALLS["payInvoice"], (invoice_id,), {"method": method, "payment_method_id": payment_method_id, "return_url": return_url}, options)


class AsyncCreditNotes:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        limit: Union[int, Unset] = UNSET,
        cursor: Union[str, Unset] = UNSET,
        invoice_id: Union[str, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> AsyncPager[models.CreditNoteSummary]:
        """Credit notes, newest first.

        :param limit: Items per page, 1 to 100
        :param cursor: next_cursor of the page before
        """
        return self._transport.pages(models.CreditNoteSummary, CALLS["listCreditNotes"], (), {"limit": limit, "cursor": cursor, "invoice_id": invoice_id}, options)

    async def get(
        self,
        credit_note_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.CreditNote:
        """Read a credit note with its lines."""
        return await self._transport.value(models.CreditNote, CALLS["getCreditNote"], (credit_note_id,), {}, options)

    async def pdf(
        self,
        credit_note_id: str,
        *,
        locale: Union[Literal["en", "zh-CN"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> bytes:
        """The credit note as PDF.

        :param locale: Default: the organisation's language
        """
        return await self._transport.content(CALLS["getCreditNotePdf"], (credit_note_id,), {"locale": locale}, options)


class AsyncBudgets:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.ListBudgetsResult:
        """Budgets with what is spent and forecast."""
        return await self._transport.value(models.ListBudgetsResult, CALLS["listBudgets"], (), {}, options)

    async def create(
        self,
        *,
        name: str,
        amount: Amount,
        project_id: Union[str, Unset] = UNSET,
        api_key_id: Union[str, Unset] = UNSET,
        thresholds: Union[Sequence[int], Unset] = UNSET,
        hard: Union[bool, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Budget:
        """Create a budget.

        :param api_key_id: Only what this API key has launched
        """
        return await self._transport.value(models.Budget, CALLS["createBudget"], (), {"name": name, "project_id": project_id, "api_key_id": api_key_id, "amount": amount, "thresholds": thresholds, "hard": hard}, options)

    async def update(
        self,
        budget_id: str,
        *,
        name: Union[str, Unset] = UNSET,
        amount: Union[Amount, Unset] = UNSET,
        thresholds: Union[Sequence[int], Unset] = UNSET,
        hard: Union[bool, Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Budget:
        """Change a budget, or make it a spend cap."""
        return await self._transport.value(models.Budget, CALLS["updateBudget"], (budget_id,), {"name": name, "amount": amount, "thresholds": thresholds, "hard": hard}, options)

    async def delete(
        self,
        budget_id: str,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """Delete a budget."""
        return await self._transport.nothing(CALLS["deleteBudget"], (budget_id,), {}, options)


class AsyncApi:
    """Every operation of the API, by the words of the command line."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.regions = AsyncRegions(transport)
        self.accelerators = AsyncAccelerators(transport)
        self.offers = AsyncOffers(transport)
        self.organizations = AsyncOrganizations(transport)
        self.test_clock = AsyncTestClock(transport)
        self.projects = AsyncProjects(transport)
        self.audit = AsyncAudit(transport)
        self.password = AsyncPassword(transport)
        self.email = AsyncEmail(transport)
        self.account = AsyncAccount(transport)
        self.device = AsyncDevice(transport)
        self.members = AsyncMembers(transport)
        self.project_members = AsyncProjectMembers(transport)
        self.invitations = AsyncInvitations(transport)
        self.quotas = AsyncQuotas(transport)
        self.quota_requests = AsyncQuotaRequests(transport)
        self.fapiao = AsyncFapiao(transport)
        self.impersonations = AsyncImpersonations(transport)
        self.ssh_keys = AsyncSshKeys(transport)
        self.api_keys = AsyncApiKeys(transport)
        self.secret_scanning = AsyncSecretScanning(transport)
        self.instances = AsyncInstances(transport)
        self.clusters = AsyncClusters(transport)
        self.operations = AsyncOperations(transport)
        self.queue = AsyncQueue(transport)
        self.shares = AsyncShares(transport)
        self.events = AsyncEvents(transport)
        self.webhooks = AsyncWebhooks(transport)
        self.usage = AsyncUsage(transport)
        self.idle_policies = AsyncIdlePolicies(transport)
        self.billing = AsyncBilling(transport)
        self.invoices = AsyncInvoices(transport)
        self.credit_notes = AsyncCreditNotes(transport)
        self.budgets = AsyncBudgets(transport)

    async def sign_up(
        self,
        *,
        email: str,
        password: str,
        name: str,
        locale: Union[Literal["en", "zh-CN"], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Session:
        """Create a person and sign in."""
        return await self._transport.value(models.Session, CALLS["signUp"], (), {"email": email, "password": password, "name": name, "locale": locale}, options)

    async def sign_in(
        self,
        *,
        email: str,
        password: str,
        options: Optional[CallOptions] = None,
    ) -> models.Session:
        """Sign in with e-mail and password."""
        return await self._transport.value(models.Session, CALLS["signIn"], (), {"email": email, "password": password}, options)

    async def sign_out(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> None:
        """End this session."""
        return await self._transport.nothing(CALLS["signOut"], (), {}, options)

    async def whoami(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.Me:
        """Who am I, and where may I act."""
        return await self._transport.value(models.Me, CALLS["getMe"], (), {}, options)

    async def sign_in_mfa(
        self,
        *,
        ticket: str,
        totp_code: Union[str, Unset] = UNSET,
        recovery_code: Union[str, Unset] = UNSET,
        passkey: Union[Mapping[str, Any], Unset] = UNSET,
        options: Optional[CallOptions] = None,
    ) -> models.Session:
        """Finish signing in with a second factor or a passkey.

        :param totp_code: Of the authenticator app
        :param recovery_code: Works once
        :param passkey: The browser's answer (AuthenticationResponseJSON)
        """
        return await self._transport.value(models.Session, CALLS["completeSignIn"], (), {"ticket": ticket, "totp_code": totp_code, "recovery_code": recovery_code, "passkey": passkey}, options)

    async def passkey_challenge(
        self,
        *,
        options: Optional[CallOptions] = None,
    ) -> models.PasskeyChallenge:
        """Begin to sign in with a passkey."""
        return await self._transport.value(models.PasskeyChallenge, CALLS["startPasskeySignIn"], (), {}, options)
