'use client';
import { useContext, useEffect, useState } from 'react';
import { callApi } from '@/api/browser-client';
import { OrganizationIdContext } from '@/api/hooks';
import type { Metrics } from '@/api/types';
import type { WorkloadKind } from './kind';
import { metricsCall } from './queries';

export interface Sample {
  utilizationPpm: number | null;
  memoryBytes: number | null;
  powerMilliwatt: number | null;
  temperatureMilliC: number | null;
}

export interface LiveSeries {
  /** Last second known, exclusive; 0 before the first answer. */
  toS: number;
  /** Samples by second for each node in rank order. */
  nodes: readonly { rank: number; samples: ReadonlyMap<number, Sample> }[];
  /** True when the last look failed; what is known stays. */
  failing: boolean;
}

const EMPTY: LiveSeries = { toS: 0, nodes: [], failing: false };
const POLL_MS = 1_000;
/** What the API answers with when no span is asked for. */
const DEFAULT_WINDOW_S = 300;
/** Seconds asked again each time: the newest ones may still have been on their way. */
const OVERLAP_S = 4;
/** Missing seconds are asked for again for so long. */
const REFILL_S = 90;

/** Adds an answer to what is known and forgets what has left the window. A node that was started again goes on as itself. */
export function mergeMetrics(before: LiveSeries, answer: Metrics, windowS: number): LiveSeries {
  const toS = Math.max(before.toS, answer.to_s);
  const nodes = new Map(before.nodes.map(({ rank, samples }) => [rank, new Map(samples)]));
  for (const series of answer.series) {
    const samples = nodes.get(series.rank) ?? new Map<number, Sample>();
    nodes.set(series.rank, samples);
    series.at_s.forEach((second, index) => {
      samples.set(second, {
        utilizationPpm: series.utilization_ppm[index] ?? null,
        memoryBytes: series.memory_used_bytes[index] ?? null,
        powerMilliwatt: series.power_milliwatt[index] ?? null,
        temperatureMilliC: series.temperature_milli_celsius[index] ?? null,
      });
    });
  }
  for (const samples of nodes.values()) {
    for (const second of samples.keys()) if (second < toS - windowS) samples.delete(second);
  }
  const sorted = [...nodes].sort(([a], [b]) => a - b).map(([rank, samples]) => ({ rank, samples }));
  return { toS, nodes: sorted, failing: false };
}

/** The oldest second of the last minute or so that some node has no value for. */
function firstGapS({ toS, nodes }: LiveSeries): number {
  const has = (second: number) => nodes.every(({ samples }) => samples.get(second)?.utilizationPpm != null);
  let second = toS - REFILL_S;
  while (second < toS - OVERLAP_S && has(second)) second += 1;
  return second;
}

/**
 * First second to ask for: what is new since the last answer, and what was missing then, as seconds arrive late: the live
 * tail when somebody begins to look, a block when its minute is over. The whole window after a long pause.
 */
export function nextFromS(known: LiveSeries, elapsedS: number, windowS: number): number {
  return Math.max(firstGapS(known), known.toS + Math.floor(elapsedS) - windowS);
}

/**
 * Per-second measurements of a workload over the last `windowS` seconds, asked once a second while the tab is visible:
 * first what the API gives by itself (five minutes), then the rest of a longer window, then only what is new. All times
 * are the organisation's billing time, as the answers have it; the browser's clock measures pauses and nothing else.
 */
export function useLiveSeries(kind: WorkloadKind, id: string, windowS: number): LiveSeries {
  const organizationId = useContext(OrganizationIdContext);
  const [series, setSeries] = useState<LiveSeries>(EMPTY);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let known = EMPTY;
    let answeredMs = 0;
    let whole = windowS <= DEFAULT_WINDOW_S;
    const ask = async (query: { from_s?: number }) => {
      const { operationId, input } = metricsCall(kind, id, query);
      const answer = await callApi(operationId, { ...input, signal: abort.signal }, organizationId);
      known = mergeMetrics(known, answer, windowS);
      answeredMs = performance.now();
    };
    const look = async () => {
      if (!document.hidden) {
        try {
          if (known.toS === 0) await ask({});
          else if (!whole) {
            await ask({ from_s: known.toS - windowS });
            whole = true;
          } else await ask({ from_s: nextFromS(known, (performance.now() - answeredMs) / 1000, windowS) });
        } catch {
          known = { ...known, failing: true };
        }
        if (abort.signal.aborted) return;
        setSeries(known);
      }
      timer = setTimeout(look, whole || known.failing ? POLL_MS : 0);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [kind, id, windowS, organizationId]);

  return series;
}
