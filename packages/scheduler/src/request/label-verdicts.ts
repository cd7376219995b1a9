import type { AttributeSet, Attributes } from '../state/attributes';
import type { LabelRule, PlacementRequest, Toleration } from '../types';

const MOST_KEYS = 256;
const UNKNOWN = 255;
const known = new WeakMap<Attributes, Map<string, Uint8Array>>();

/**
 * Whether nodes with a set of labels and taints suit a request, by the set's number; null when every node does. Sets are
 * never changed, so a verdict holds for good and is shared by all requests with the same rules.
 */
export function labelVerdicts(
  attributes: Attributes,
  request: PlacementRequest,
): ((attributeSet: number) => boolean) | null {
  const rules = request.labelRules ?? [];
  if (rules.length === 0 && !attributes.tainted) return null;
  const tolerations = request.tolerations ?? [];
  let byKey = known.get(attributes);
  if (!byKey || byKey.size > MOST_KEYS) {
    byKey = new Map();
    known.set(attributes, byKey);
  }
  const key = rules.length + tolerations.length === 0 ? '' : JSON.stringify([rules, tolerations]);
  let verdicts = byKey.get(key);
  if (!verdicts || verdicts.length < attributes.list.length) {
    verdicts = new Uint8Array(attributes.list.length + 64).fill(UNKNOWN);
    byKey.set(key, verdicts);
  }
  const found = verdicts;
  return (set) => {
    if (found[set] === UNKNOWN) found[set] = suits(attributes.list[set]!, rules, tolerations) ? 1 : 0;
    return found[set] === 1;
  };
}

function suits(set: AttributeSet, rules: readonly LabelRule[], tolerations: readonly Toleration[]): boolean {
  const tolerated = set.taints.every((taint) =>
    tolerations.some((one) => one.key === taint.key && (one.value === undefined || one.value === taint.value)),
  );
  return tolerated && rules.every((rule) => holds(rule, set.labels));
}

function holds(rule: LabelRule, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, rule.key) ? labels[rule.key] : undefined;
  switch (rule.op) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && rule.values.includes(value);
    case 'not_in':
      return value === undefined || !rule.values.includes(value);
  }
}
