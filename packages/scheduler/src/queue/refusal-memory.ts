import type { Span } from '../calendar/calendar';
import type { PlacementRequest } from '../types';

interface Refused extends Span {
  band: number;
}

/** Requests of one shape are interchangeable for the question whether they fit. */
export function shapeOf(ask: PlacementRequest): string {
  let shape = shapes.get(ask);
  if (shape === undefined) {
    shape = JSON.stringify({ ...ask, requestId: '' });
    shapes.set(ask, shape);
  }
  return shape;
}

const shapes = new WeakMap<PlacementRequest, string>();

/**
 * A shape refused once is not tried again in the round until something frees: a round only takes. Remembered with how
 * much of the held capacity the refused request could use; only those that may use less are refused unseen.
 */
export class RefusalMemory {
  readonly #byShape = new Map<string, Refused[]>();

  isHopeless(shape: string, span: Span, band: number): boolean {
    return (this.#byShape.get(shape) ?? []).some(
      (one) => one.softS <= span.softS && one.hardS <= span.hardS && one.band >= band,
    );
  }

  remember(shape: string, span: Span, band: number): void {
    const refused = { ...span, band };
    const rest = (this.#byShape.get(shape) ?? []).filter(
      (one) => !(span.softS <= one.softS && span.hardS <= one.hardS && band >= one.band),
    );
    this.#byShape.set(shape, [...rest, refused]);
  }

  /** Something became free. */
  forget(): void {
    this.#byShape.clear();
  }
}
