'use client';
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { ApiError, callApi, openStream } from '@/api/browser-client';
import { OrganizationIdContext } from '@/api/hooks';
import type { Output } from '@/api/types';
import { KINDS, paramsOf, type WorkloadKind } from './kind';
import { followLog, type LogPosition, type LogStatus } from './log-follow';
import { keepLines, type LogLine, type NumberedLine } from './log-lines';

/** A tab that is out of sight for so long gives its stream back: browsers allow few connections to one server. */
const HIDDEN_MS = 10_000;

function useHidden(): boolean {
  const [hidden, setHidden] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setHidden(true), HIDDEN_MS);
      else setHidden(false);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return hidden;
}

const isFinal = (error: unknown) => error instanceof ApiError && !error.problem.retryable;

/** A node's log, followed unless it is paused or nobody looks; goes on where it was. */
export function useLog(kind: WorkloadKind, id: string, rank: number, runs: string | null) {
  const organizationId = useContext(OrganizationIdContext);
  const [lines, setLines] = useState<readonly NumberedLine[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [status, setStatus] = useState<LogStatus>('connecting');
  const [paused, setPaused] = useState(false);
  const hidden = useHidden();
  const state = useRef<LogPosition>({ cursor: null, ended: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run or node has another log
  useEffect(() => {
    state.current = { cursor: null, ended: false };
    setLines([]);
  }, [id, rank, runs]);
  useEffect(() => {
    if (paused || hidden) return setStatus('paused');
    if (runs === null) return;
    const stop = new AbortController();
    setError(null);
    setStatus('connecting');
    const path = `/${kind}s/${encodeURIComponent(id)}/logs/stream?rank=${rank}`;
    followLog(
      {
        open: (last, signal) => openStream(path, organizationId, last, signal),
        onLines: (more) => setLines((known) => keepLines(known, more)),
        onStatus: setStatus,
        isFinal,
      },
      stop.signal,
      state.current,
    ).catch((caught: unknown) => {
      if (!stop.signal.aborted) setError(caught);
    });
    return () => stop.abort();
  }, [kind, id, rank, runs, organizationId, paused, hidden]);
  return { lines, error, status, paused, setPaused };
}

const MOST_PAGES = 500;

/** Reads the log from its first line that is kept, page by page. */
export function useWholeLog(kind: WorkloadKind, id: string, rank: number): () => Promise<LogLine[]> {
  const organizationId = useContext(OrganizationIdContext);
  return useCallback(async () => {
    const lines: LogLine[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      // Both operations take and answer the same; which one it is follows from the kind.
      const operation = KINDS[kind].logs as 'getInstanceLogs';
      const query = { rank, ...(cursor ? { cursor } : {}) };
      const page: Output<'getInstanceLogs'> = await callApi(
        operation,
        { params: paramsOf(kind, id), query } as never,
        organizationId,
      );
      lines.push(...page.lines);
      cursor = page.next_cursor;
      if (cursor === null || page.lines.length === 0) break;
    }
    return lines;
  }, [kind, id, rank, organizationId]);
}
