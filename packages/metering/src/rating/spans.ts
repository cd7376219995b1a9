import type { Span } from '@suanxiang/domain/calendar';
import type { Undelivered } from './types';

/** The part of a span inside a window, or null when they do not overlap. */
export function clip(span: { fromS: number; toS: number | null }, window: Span): Span | null {
  const fromS = Math.max(span.fromS, window.fromS);
  const toS = Math.min(span.toS ?? window.toS, window.toS);
  return fromS < toS ? { fromS, toS } : null;
}

/** The window cut at every given second inside it, in time order. */
export function cutAt(window: Span, secondsS: Iterable<number>): Span[] {
  const inner = [...new Set(secondsS)].filter((second) => second > window.fromS && second < window.toS);
  const edges = [window.fromS, ...inner.sort((a, b) => a - b), window.toS];
  return edges.slice(1).map((toS, index) => ({ fromS: edges[index]!, toS }));
}

export function secondsIn(spans: Iterable<Span>): number {
  let seconds = 0;
  for (const { fromS, toS } of spans) seconds += toS - fromS;
  return seconds;
}

/**
 * Undelivered stretches inside a window as disjoint spans in time order (S17). Where two overlap, a second belongs to
 * the one that began first, so that each second has one reason and the reasons add up.
 */
export function undeliveredIn(stretches: readonly Undelivered[], window: Span): Undelivered[] {
  const ordered = [...stretches].sort(
    (a, b) => a.fromS - b.fromS || b.toS - a.toS || (a.reason < b.reason ? -1 : a.reason > b.reason ? 1 : 0),
  );
  const result: Undelivered[] = [];
  let reachedS = window.fromS;
  for (const { fromS, toS, reason } of ordered) {
    const span = clip({ fromS: Math.max(fromS, reachedS), toS }, window);
    if (!span) continue;
    result.push({ ...span, reason });
    reachedS = span.toS;
  }
  return result;
}
