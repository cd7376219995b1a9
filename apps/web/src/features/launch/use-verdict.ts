'use client';
import type { CallInput } from '@suanxiang/contract/client';
import { useContext, useEffect, useState } from 'react';
import { ApiError, callApi } from '@/api/browser-client';
import { OrganizationIdContext } from '@/api/hooks';
import type { WorkloadKind } from '@/features/workload/kind';

export type Verdict =
  | { state: 'asking' }
  | { state: 'able' }
  | { state: 'refused'; error: ApiError }
  | { state: 'unknown' };

const PAUSE_MS = 350;

/**
 * Asks the API, a moment after the last change, whether the request would be accepted: the same checks as the real one
 * (quota, balance, capacity), nothing created. Refusals of the name are left to the form.
 */
export function useVerdict(kind: WorkloadKind, body: object): Verdict {
  const organizationId = useContext(OrganizationIdContext);
  const [verdict, setVerdict] = useState<Verdict>({ state: 'asking' });
  const text = JSON.stringify(body);
  useEffect(() => {
    const abort = new AbortController();
    setVerdict({ state: 'asking' });
    const timer = setTimeout(async () => {
      const operationId = (kind === 'cluster' ? 'createCluster' : 'createInstance') as 'createInstance';
      const input = { query: { validate_only: 'true' }, body: JSON.parse(text), signal: abort.signal };
      try {
        await callApi(operationId, input as CallInput<'createInstance'>, organizationId);
        setVerdict({ state: 'able' });
      } catch (error) {
        if (abort.signal.aborted) return;
        setVerdict(error instanceof ApiError ? { state: 'refused', error } : { state: 'unknown' });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [kind, text, organizationId]);
  return verdict;
}
