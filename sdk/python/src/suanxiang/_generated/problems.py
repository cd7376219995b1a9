# Generated from packages/contract by `npm run docs:generate`. Do not edit.
from __future__ import annotations

from typing import Dict, Type

from .._errors import ApiProblem


class InvalidRequest(ApiProblem):
    """The request is not valid (400)."""


class InvalidCursor(ApiProblem):
    """The page cursor is not valid for this list (400)."""


class IdempotencyKeyRequired(ApiProblem):
    """An Idempotency-Key header is required (400)."""


class AuthorizationPending(ApiProblem):
    """Nobody has approved this device yet (400)."""


class SlowDown(ApiProblem):
    """This device asks too often (400)."""


class Unauthenticated(ApiProblem):
    """Sign in or send a valid API key (401)."""


class InvalidCredentials(ApiProblem):
    """E-mail or password is wrong (401)."""


class SecondFactorRequired(ApiProblem):
    """A second factor is needed to sign in (401)."""


class PaymentRequired(ApiProblem):
    """The balance is too low (402)."""


class SpendCapReached(ApiProblem):
    """The spend cap has no room for this (402)."""


class PermissionDenied(ApiProblem):
    """You do not have the permission for this (403)."""


class EmailNotVerified(ApiProblem):
    """The e-mail address has not been verified (403)."""


class AddressNotAllowed(ApiProblem):
    """This API key may not be used from this address (403)."""


class QuotaExceeded(ApiProblem):
    """The quota is used up (403)."""


class OriginNotAllowed(ApiProblem):
    """The request came from another site (403)."""


class MfaRequired(ApiProblem):
    """This organization demands a second factor (403)."""


class ReauthenticationRequired(ApiProblem):
    """Prove again that it is you (403)."""


class ProofRefused(ApiProblem):
    """The password, code or passkey was not accepted (403)."""


class DeviceDenied(ApiProblem):
    """The sign-in of this device was refused (403)."""


class NotFound(ApiProblem):
    """There is no such resource (404)."""


class MethodNotAllowed(ApiProblem):
    """This method is not allowed here (405)."""


class RequestTimeout(ApiProblem):
    """The request did not arrive in time (408)."""


class Conflict(ApiProblem):
    """The resource is in a state that does not allow this (409)."""


class NameTaken(ApiProblem):
    """This name is already taken (409)."""


class CapacityUnavailable(ApiProblem):
    """There is no capacity for this right now (409)."""


class IdempotencyInFlight(ApiProblem):
    """A request with this key is still running (409)."""


class TestClockBusy(ApiProblem):
    """The test clock cannot move while this is pending (409)."""


class Gone(ApiProblem):
    """This can no longer be used (410)."""


class LinkExpired(ApiProblem):
    """This link or code is not valid any more (410)."""


class PreconditionFailed(ApiProblem):
    """The resource has changed since it was read (412)."""


class PayloadTooLarge(ApiProblem):
    """The request body is too large (413)."""


class UnsupportedMediaType(ApiProblem):
    """Send application/json (415)."""


class ExpectationFailed(ApiProblem):
    """This expectation cannot be met (417)."""


class IdempotencyKeyReused(ApiProblem):
    """This Idempotency-Key was used for another request (422)."""


class Unprocessable(ApiProblem):
    """A referenced resource cannot be used (422)."""


class RateLimited(ApiProblem):
    """Too many requests (429)."""


class HeadersTooLarge(ApiProblem):
    """The request headers are too large (431)."""


class Internal(ApiProblem):
    """Something failed on our side (500)."""


class Unavailable(ApiProblem):
    """The service is not available right now (503)."""


BY_CODE: Dict[str, Type[ApiProblem]] = {
    "invalid_request": InvalidRequest,
    "invalid_cursor": InvalidCursor,
    "idempotency_key_required": IdempotencyKeyRequired,
    "authorization_pending": AuthorizationPending,
    "slow_down": SlowDown,
    "unauthenticated": Unauthenticated,
    "invalid_credentials": InvalidCredentials,
    "second_factor_required": SecondFactorRequired,
    "payment_required": PaymentRequired,
    "spend_cap_reached": SpendCapReached,
    "permission_denied": PermissionDenied,
    "email_not_verified": EmailNotVerified,
    "address_not_allowed": AddressNotAllowed,
    "quota_exceeded": QuotaExceeded,
    "origin_not_allowed": OriginNotAllowed,
    "mfa_required": MfaRequired,
    "reauthentication_required": ReauthenticationRequired,
    "proof_refused": ProofRefused,
    "device_denied": DeviceDenied,
    "not_found": NotFound,
    "method_not_allowed": MethodNotAllowed,
    "request_timeout": RequestTimeout,
    "conflict": Conflict,
    "name_taken": NameTaken,
    "capacity_unavailable": CapacityUnavailable,
    "idempotency_in_flight": IdempotencyInFlight,
    "test_clock_busy": TestClockBusy,
    "gone": Gone,
    "link_expired": LinkExpired,
    "precondition_failed": PreconditionFailed,
    "payload_too_large": PayloadTooLarge,
    "unsupported_media_type": UnsupportedMediaType,
    "expectation_failed": ExpectationFailed,
    "idempotency_key_reused": IdempotencyKeyReused,
    "unprocessable": Unprocessable,
    "rate_limited": RateLimited,
    "headers_too_large": HeadersTooLarge,
    "internal": Internal,
    "unavailable": Unavailable,
}
