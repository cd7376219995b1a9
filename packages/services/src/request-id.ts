import { mintId } from '@suanxiang/domain/ids';

/** Id of one request: on the answer, in its problem document, in logs and in the audit row. */
export function newRequestId(nowMs: number): string {
  return mintId('request', nowMs);
}
