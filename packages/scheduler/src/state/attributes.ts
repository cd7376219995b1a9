import type { Taint } from '../types';
import { compareText } from './text-order';

/** Labels and taints of nodes; nodes with the same ones share a number, so that a selector is judged once for all. */
export interface AttributeSet {
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
}

export class Attributes {
  readonly list: AttributeSet[] = [];
  readonly #index = new Map<string, number>();
  /** Some set has taints. */
  tainted = false;

  of(labels: Readonly<Record<string, string>>, taints: readonly Taint[]): number {
    const names = Object.keys(labels).sort(compareText);
    const sorted = [...taints].sort((a, b) => compareText(a.key, b.key) || compareText(a.value, b.value));
    const key = JSON.stringify([names.map((name) => [name, labels[name]]), sorted.map((one) => [one.key, one.value])]);
    let index = this.#index.get(key);
    if (index === undefined) {
      index = this.list.length;
      this.list.push({ labels, taints: sorted });
      this.#index.set(key, index);
      if (sorted.length > 0) this.tainted = true;
    }
    return index;
  }
}
