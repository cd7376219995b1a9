import type { CallOutput } from '@suanxiang/contract/client';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import { phaseLabel, stepLabel } from '../labels';
import type { Say } from '../messages';
import { instant } from './values';
import { displayWidth, pad, wrap } from './width';

export type Operation = CallOutput<'getOperation'>;
type Step = Operation['steps'][number];

/** What a waiting resource is told about its place. */
export interface Queued {
  place: number;
  reason: { en: string; zh: string };
  estimate: { likely_at: string; from_at: string; to_at: string } | null;
}

const BAR_CELLS = 24;

function durationOf(step: Step): string {
  if (!step.started_at || !step.finished_at) return '';
  return `${((Date.parse(step.finished_at) - Date.parse(step.started_at)) / 1000).toFixed(1)} s`;
}

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
    const phase = running && step.phase ? ` (${phaseLabel(step.phase, locale)})` : '';
    const took = running ? '' : durationOf(step);
    lines.push(`${mark} ${stepLabel(step.name, locale)}${phase}${took ? ` ${took}` : ''}`);
  }
  return lines;
}

/** One sentence about the queue: the place, when it will likely start, and why it waits. */
export function queueText(queued: Queued, locale: Locale, say: Say): string {
  const { place, estimate, reason } = queued;
  const why = inLocale(reason, locale);
  if (!estimate) return say('queuedWithout', { place, why });
  const minute = (at: string) => `${instant(Date.parse(at)).slice(0, 16)}Z`;
  const [likely, from, to] = [estimate.likely_at, estimate.from_at, estimate.to_at].map(minute) as [
    string,
    string,
    string,
  ];
  return say('queued', { place, likely, from, to, why });
}

/** `[██████░░░░]` for a part of 0 to 1. */
export function bar(part: number, cells: number = BAR_CELLS): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * cells);
  return `[${'█'.repeat(full)}${'░'.repeat(cells - full)}]`;
}

interface PanelOptions {
  locale: Locale;
  say: Say;
  color: boolean;
  elapsedMs: number;
  queued: Queued | null;
  /** Width of the terminal in cells. */
  columns: number;
}

/** All steps of an operation with a bar below them, for a terminal. */
export function progressPanel(operation: Operation, options: PanelOptions): string {
  const { locale, color, elapsedMs, queued, say, columns } = options;
  const paint = (code: string, text: string) => (color && text ? `\u001b[${code}m${text}\u001b[0m` : text);
  const steps = operation.steps.filter((step) => step.status !== 'skipped');
  const names = steps.map((step) => stepLabel(step.name, locale));
  const width = Math.max(0, ...names.map(displayWidth));
  const lines = steps.map((step, index) => {
    const name = pad(names[index]!, width);
    if (step.status === 'done') return `${paint('32', '✓')} ${name}  ${paint('2', durationOf(step))}`;
    if (step.status === 'failed') return `${paint('31', '✗')} ${name}  ${paint('2', durationOf(step))}`;
    if (step.status === 'running')
      return `${paint('36', '●')} ${name}  ${step.phase ? phaseLabel(step.phase, locale) : ''}`;
    return paint('2', `· ${name}`);
  });
  const done = steps.filter((step) => step.status === 'done').length;
  const head = steps.some((step) => step.status === 'running') ? 0.5 : 0;
  const part = steps.length === 0 ? 1 : (done + (done < steps.length ? head : 0)) / steps.length;
  const foot = `${bar(part)} ${done}/${steps.length}  ${(elapsedMs / 1000).toFixed(0)} s`;
  const waits = queued ? wrap(queueText(queued, locale, say), columns).split('\n') : [];
  return [...lines.map((line) => line.trimEnd()), ...waits.map((line) => paint('33', line)), foot].join('\n');
}
