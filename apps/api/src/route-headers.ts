import { takesIfMatch } from '@suanxiang/contract/item-route';
import type { Deprecation, Route } from '@suanxiang/contract/route';
import { routeOf } from '@suanxiang/contract/routes';
import { API_VERSIONS, isApiVersion, NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import type { Caller } from '@suanxiang/services/access/principal';
import { ProblemError } from '@suanxiang/services/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from './request-headers';

function badHeader(name: string, code: string, detail: string, suggestion: string): ProblemError {
  return new ProblemError('invalid_request', `${name}: ${detail}`, {
    suggestion,
    errors: [{ pointer: `/header/${name.toLowerCase()}`, code, detail }],
  });
}

/** The version a key was created with; others are served the newest. */
function pinnedVersion(caller: Caller): string {
  if (caller.plane === 'org') return caller.principal.apiVersion ?? NEWEST_API_VERSION;
  if (caller.plane === 'user') return caller.signedIn.key?.apiVersion ?? NEWEST_API_VERSION;
  return NEWEST_API_VERSION;
}

/** Says which version of the API this answer is in. Throws `invalid_request` for one that is not served. */
export function settleVersion(request: FastifyRequest, reply: FastifyReply, caller: Caller): void {
  const asked = headerOf(request, 'api-version');
  if (asked !== null && !isApiVersion(asked)) {
    const suggestion = `Send one of ${API_VERSIONS.join(', ')}, or leave the header out.`;
    throw badHeader('Api-Version', 'unknown_version', 'There is no such version.', suggestion);
  }
  reply.header('api-version', asked ?? pinnedVersion(caller));
}

/** The tags of If-Match. Throws `invalid_request` on a change that cannot honour it: ignoring it would be unsafe. */
export function ifMatchOf(request: FastifyRequest, route: Route): string | null {
  const value = headerOf(request, 'if-match');
  if (value === null || route.method === 'GET') return null;
  if (!takesIfMatch(route)) {
    throw badHeader('If-Match', 'unsupported', 'This operation does not change one resource.', 'Leave it out.');
  }
  if (value.trim() !== '*' && !/^(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*$/.test(value.trim())) {
    throw badHeader(
      'If-Match',
      'invalid_format',
      'Must be * or quoted entity tags.',
      'Send the ETag as it was received.',
    );
  }
  return value;
}

/** Deprecation (RFC 9745), Sunset (RFC 8594) and the successor, for an operation that is going. */
export function tellDeprecation(reply: FastifyReply, deprecation: Deprecation | null): void {
  if (!deprecation) return;
  const { since, sunset, successor } = deprecation;
  reply.header('deprecation', `@${Date.parse(since) / 1000}`);
  reply.header('sunset', new Date(sunset).toUTCString());
  const next = successor ? routeOf(successor as never) : null;
  if (next) reply.header('link', `<${(next as Route).path}>; rel="successor-version"`);
}
