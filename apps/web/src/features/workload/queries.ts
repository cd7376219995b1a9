'use client';
import type { CallInput, CallOutput } from '@suanxiang/contract/client';
import type { OperationId } from '@suanxiang/contract/routes';
import { WORKLOAD_STATE_FACTS } from '@suanxiang/domain/workload-state';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ApiError } from '@/api/browser-client';
import { type ApiQueryOptions, useApi, useApiMutation } from '@/api/hooks';
import type { Cost, Metrics, StateChange, Workload } from '@/api/types';
import { KINDS, paramsOf, type WorkloadKind } from './kind';

const FAST_MS = 1_500;
const SLOW_MS = 30_000;
const COST_MS = 15_000;

/** Looks often while work is under way, seldom otherwise. */
export function pollByState(workloads: readonly Workload[] | undefined): number {
  return workloads?.some(({ state }) => WORKLOAD_STATE_FACTS[state].transitional) ? FAST_MS : SLOW_MS;
}

/** Reads an operation of either kind. The table of kinds pairs operation and parameter, which types cannot see. */
function useOf<T>(operationId: OperationId, input: object, options?: ApiQueryOptions<T>): UseQueryResult<T, ApiError> {
  return useApi(
    operationId,
    input as CallInput<OperationId>,
    options as ApiQueryOptions<CallOutput<OperationId>>,
  ) as UseQueryResult<T, ApiError>;
}

export function useWorkload(kind: WorkloadKind, id: string) {
  return useOf<Workload>(
    KINDS[kind].get,
    { params: paramsOf(kind, id) },
    { pollMs: (data) => pollByState(data ? [data] : undefined) },
  );
}

export function useWorkloadEvents(kind: WorkloadKind, id: string, transitional: boolean) {
  return useOf<{ items: StateChange[] }>(
    KINDS[kind].events,
    { params: paramsOf(kind, id) },
    { pollMs: transitional ? FAST_MS : SLOW_MS },
  );
}

/** Between two answers the page counts on by itself, so a running workload needs an answer from after its meter began. */
/** The cost so far; asked again as soon as the workload starts or stops, because then its rate has changed. */
export function useWorkloadCost(kind: WorkloadKind, id: string, running: boolean) {
  const cost = useOf<Cost>(KINDS[kind].cost, { params: paramsOf(kind, id) }, { pollMs: running ? COST_MS : SLOW_MS });
  const { refetch } = cost;
  const before = useRef(running);
  useEffect(() => {
    if (before.current !== running) void refetch();
    before.current = running;
  }, [running, refetch]);
  return cost;
}

export function metricsCall(kind: WorkloadKind, id: string, query: { from_s?: number; to_s?: number }) {
  const operationId = KINDS[kind].metrics as 'getInstanceMetrics';
  return { operationId, input: { params: paramsOf(kind, id), query } as unknown as CallInput<'getInstanceMetrics'> };
}

export type MetricsAnswer = Metrics;

export interface WorkloadPage {
  items: Workload[];
  next_cursor: string | null;
}

export function useWorkloadList(kind: WorkloadKind, query: Record<string, string | number>) {
  return useOf<WorkloadPage>(
    KINDS[kind].list,
    { query },
    { pollMs: (data) => pollByState(data?.items), keepPrevious: true },
  );
}

export type WorkloadVerb = 'start' | 'stop' | 'terminate' | 'update';

/** A verb on a workload; lists, the workload, its events and the balance are read again afterwards. */
export function useWorkloadVerb(kind: WorkloadKind, verb: WorkloadVerb) {
  const facts = KINDS[kind];
  const mutation = useApiMutation(facts[verb] as 'stopInstance', [
    facts.list,
    facts.get,
    facts.events,
    facts.cost,
    'getBalance',
    'listQuotas',
  ]);
  return {
    ...mutation,
    run: (id: string, body?: object) =>
      mutation.mutateAsync({
        params: paramsOf(kind, id),
        ...(body ? { body } : {}),
      } as unknown as CallInput<'stopInstance'>),
  };
}
