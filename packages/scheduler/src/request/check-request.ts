import { RESOURCES } from '../state/fleet-tables';
import type { LabelRule, PlacementRequest } from '../types';

const isCount = (value: number) => Number.isInteger(value) && value >= 1;

/** What is wrong with a request in itself, whatever the fleet: impossible numbers and conditions that contradict each other. */
export function requestProblems(request: PlacementRequest): string[] {
  const { nodeCount, gpusPerNode, minNodeCount, milli } = request;
  const problems: string[] = [];
  if (!isCount(nodeCount) || !isCount(gpusPerNode)) {
    problems.push(`${nodeCount} nodes with ${gpusPerNode} devices each is not a request`);
  }
  if (minNodeCount !== undefined && (!isCount(minNodeCount) || minNodeCount > nodeCount)) {
    problems.push(`minNodeCount ${minNodeCount} must be from 1 to nodeCount ${nodeCount}`);
  }
  if (milli !== undefined) problems.push(...sliceProblems(milli, gpusPerNode));
  for (const name of RESOURCES) {
    const amount = request.resources?.[name];
    if (amount !== undefined && !(amount >= 0 && Number.isFinite(amount))) {
      problems.push(`resources.${name} is ${amount}, not an amount`);
    }
  }
  problems.push(...spreadProblems(request));
  if (request.zoneIds?.length === 0) problems.push('zoneIds names no zone, so that nothing can fit');
  if (request.labelRules) problems.push(...ruleProblems(request.labelRules));
  return problems;
}

/** Throws RangeError naming every problem of a request. */
export function assertRequest(request: PlacementRequest): void {
  const problems = requestProblems(request);
  if (problems.length > 0) throw new RangeError(problems.join('; '));
}

function sliceProblems(milli: number, gpusPerNode: number): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(milli) || milli < 1 || milli > 999) {
    problems.push(`milli ${milli} must be from 1 to 999; leave it out for whole devices`);
  }
  if (gpusPerNode !== 1) problems.push(`a slice (milli ${milli}) is of one device, but gpusPerNode is ${gpusPerNode}`);
  return problems;
}

function spreadProblems({ topology, spread }: PlacementRequest): string[] {
  if (!spread) return [];
  const problems: string[] = [];
  if (topology !== 'spread') problems.push(`spread contradicts topology ${topology}`);
  if (!isCount(spread.mostPerDomain)) problems.push(`spread.mostPerDomain ${spread.mostPerDomain} must be 1 or more`);
  return problems;
}

/** Pairs of rules on one label that no node can satisfy together. */
function ruleProblems(rules: readonly LabelRule[]): string[] {
  const problems: string[] = [];
  rules.forEach((a, i) => {
    if (a.op === 'in' && a.values.length === 0) problems.push(`label ${a.key} must be one of no values`);
    for (const b of rules.slice(i + 1)) {
      if (a.key === b.key && (contradicts(a, b) || contradicts(b, a))) {
        problems.push(`label ${a.key}: "${ruleText(a)}" contradicts "${ruleText(b)}"`);
      }
    }
  });
  return problems;
}

function contradicts(a: LabelRule, b: LabelRule): boolean {
  if (a.op === 'absent') return b.op === 'in' || b.op === 'exists';
  if (a.op !== 'in') return false;
  if (b.op === 'in') return a.values.length > 0 && !a.values.some((value) => b.values.includes(value));
  return b.op === 'not_in' && a.values.length > 0 && a.values.every((value) => b.values.includes(value));
}

function ruleText(rule: LabelRule): string {
  return 'values' in rule ? `${rule.op} ${rule.values.join(', ')}` : rule.op;
}
