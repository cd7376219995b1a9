import { createHmac, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@suanxiang/domain/errors';

/**
 * Page cursors: the sort key of the last item of a page, signed together with the organisation, the operation and the
 * filters it was made for. It grants nothing (every page is authorised anew); the signature only keeps it from being
 * used for another list.
 */
export interface CursorScope {
  orgId: string;
  operationId: string;
  /** Query of the list without `limit` and `cursor`. */
  filters: Record<string, unknown>;
}

const MAC_BYTES = 16;

function macOf(key: string, scope: CursorScope, payload: string): string {
  const filters = Object.entries(scope.filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([scope.orgId, scope.operationId, filters, payload]);
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES).toString('base64url');
}

/** Writes a cursor over the sort key of the last item shown. */
export function writeCursor(key: string, scope: CursorScope, position: readonly string[]): string {
  const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${payload}.${macOf(key, scope, payload)}`;
}

/** Reads a cursor back; null when there is none. Throws `invalid_cursor` for anything not made for this very list. */
export function readCursor(
  key: string,
  scope: CursorScope,
  cursor: string | undefined,
  parts: number,
): string[] | null {
  if (cursor === undefined) return null;
  const [payload = '', mac = '', ...rest] = cursor.split('.');
  // Compared as text: two texts of base64 may stand for the same bytes.
  const [given, wanted] = [Buffer.from(mac), Buffer.from(macOf(key, scope, payload))];
  if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw badCursor();
  const position = JSON.parse(Buffer.from(payload, 'base64url').toString()) as string[];
  if (position.length !== parts) throw badCursor();
  return position;
}

function badCursor(): ProblemError {
  return new ProblemError('invalid_cursor', 'This cursor was not made for this list with these filters.', {
    suggestion: 'Start again without cursor, and keep the filters the same from page to page.',
    errors: [{ pointer: '/query/cursor', code: 'invalid_cursor', detail: 'Not a cursor of this list.' }],
  });
}
