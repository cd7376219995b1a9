import type { Client } from '@suanxiang/contract/client';
import type { operation as operationSchema } from '@suanxiang/contract/schemas/workload';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import type { z } from 'zod';
import { OperationFailed } from './exit-codes';
import type { Io } from './io';
import { stepLabel } from './labels';
import type { Say } from './messages';

export type Operation = z.infer<typeof operationSchema>;

const POLL_MS = 500;
const SLOW_POLL_MS = 2000;
const SLOW_AFTER_MS = 30_000;

/** What is new in an operation compared with what was shown: one line per step that moved. */
export function progressLines(shown: Map<string, string>, operation: Operation, locale: Locale): string[] {
  const lines: string[] = [];
  for (const step of operation.steps) {
    if (step.status === 'pending' || step.status === 'skipped') continue;
    const running = step.status === 'running';
    const word = `${step.status}${running && step.phase ? ` ${step.phase}` : ''}`;
    if (shown.get(step.name) === word) continue;
    shown.set(step.name, word);
    const mark = running ? '…' : step.status === 'done' ? '✓' : '✗';
    const phase = running && step.phase ? ` (${step.phase})` : '';
    lines.push(`${mark} ${stepLabel(step.name, locale)}${phase}${running ? '' : durationOf(step)}`);
  }
  return lines;
}

function durationOf(step: Operation['steps'][number]): string {
  if (!step.started_at || !step.finished_at) return '';
  return ` ${((Date.parse(step.finished_at) - Date.parse(step.started_at)) / 1000).toFixed(1)} s`;
}

/**
 * Follows an operation to its end and shows each step on standard error. Throws OperationFailed when it fails, is
 * superseded, or has not ended after `timeoutMs`.
 */
export async function followOperation(
  client: Client,
  first: Operation,
  { io, say, locale, timeoutMs }: { io: Io; say: Say; locale: Locale; timeoutMs: number },
): Promise<Operation> {
  const startedMs = io.elapsedMs();
  const shown = new Map<string, string>();
  let operation = first;
  for (;;) {
    for (const line of progressLines(shown, operation, locale)) io.err(`${line}\n`);
    if (operation.status === 'succeeded') return operation;
    if (operation.status === 'superseded') throw new OperationFailed(say('operationSuperseded'));
    if (operation.status === 'failed') {
      const reason = operation.error ? `${inLocale(operation.error, locale)} [${operation.error.code}]` : operation.id;
      throw new OperationFailed(say('operationFailed', { reason }));
    }
    const waitedMs = io.elapsedMs() - startedMs;
    if (waitedMs > timeoutMs) {
      const seconds = Math.round(timeoutMs / 1000);
      throw new OperationFailed(say('waitTimedOut', { state: operation.status, seconds, id: operation.id }));
    }
    await io.sleep(waitedMs < SLOW_AFTER_MS ? POLL_MS : SLOW_POLL_MS);
    operation = await client.call('getOperation', { params: { operation_id: operation.id } });
  }
}
