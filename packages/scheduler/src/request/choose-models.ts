import { ACCELERATOR_VENDORS, type VendorClass } from '@suanxiang/domain/accelerator-vendors';
import { ACCELERATOR_MODELS, type AcceleratorModel } from '@suanxiang/domain/accelerators';
import { compareText } from '../state/text-order';
import type { PlacementRequest, Reason } from '../types';

/** A need in place of a model. All that is set must hold; a figure that the catalogue does not know does not hold. */
export interface AcceleratorSelector {
  models?: readonly string[];
  vendors?: readonly VendorClass[];
  memoryBytesMin?: number;
  bf16TflopsMin?: number;
  /** Any of these links between the devices of a node, as the catalogue names them, or the start of a name. */
  interconnects?: readonly string[];
  interconnectGbSMin?: number;
  /** Any of these software stacks: PyTorch device (`cuda`, `npu`) or collective library (`NCCL`). */
  stacks?: readonly string[];
  /** Nothing that does this class of work slower than this model does. */
  notSlowerThan?: string;
}

/** What the operator sells and what the models do, for one class of work. */
export interface Market {
  /** Price of an accelerator hour by model, in one currency; a model without one is not for sale. */
  priceMicros: ReadonlyMap<string, bigint>;
  /** Measured work a second by model, whole numbers in any one unit; empty: dense bf16 rates stand in. */
  throughput: ReadonlyMap<string, number>;
}

export interface RankedModel {
  modelId: string;
  priceMicros: bigint;
  /** Work a second, or null when nobody knows; such models come last. */
  throughput: number | null;
}

export interface ModelChoice {
  /** Most work for the money first. */
  ranked: RankedModel[];
  /** Models for sale that do not satisfy the need, by name, with the first reason. */
  leftOut: { modelId: string; reason: Reason }[];
}

/**
 * Models that satisfy a need, by price for throughput. Exact: prices are compared as fractions of whole numbers; equal
 * ones by price, then name. Never a slower model than asked: an unknown rate fails `notSlowerThan` and `bf16TflopsMin`.
 * Throws RangeError when `notSlowerThan` names a model without a known rate.
 */
export function chooseModels(
  selector: AcceleratorSelector,
  market: Market,
  catalogue: readonly AcceleratorModel[] = ACCELERATOR_MODELS,
): ModelChoice {
  const rate = rates(market, catalogue);
  const floor = selector.notSlowerThan === undefined ? null : rate(selector.notSlowerThan);
  if (selector.notSlowerThan !== undefined && floor === null) {
    throw new RangeError(`nobody knows how fast ${selector.notSlowerThan} is at this work`);
  }
  const choice: ModelChoice = { ranked: [], leftOut: [] };
  for (const model of [...catalogue].sort((a, b) => compareText(a.id, b.id))) {
    const priceMicros = market.priceMicros.get(model.id);
    if (priceMicros === undefined) continue;
    const throughput = rate(model.id);
    const reason = unfit(model, selector) ?? (floor === null ? null : slower(model, throughput, floor));
    if (reason) choice.leftOut.push({ modelId: model.id, reason });
    else choice.ranked.push({ modelId: model.id, priceMicros, throughput });
  }
  choice.ranked.sort(compareWorth);
  return choice;
}

/** A request that takes the first of ranked models that has room. Throws RangeError when there is none. */
export function requestFor(
  request: Omit<PlacementRequest, 'modelId'>,
  ranked: readonly RankedModel[],
): PlacementRequest {
  const [first, ...rest] = ranked.map(({ modelId }) => modelId);
  if (first === undefined) throw new RangeError('no model satisfies the need');
  return rest.length === 0 ? { ...request, modelId: first } : { ...request, modelId: first, alternatives: rest };
}

/** Work a second by model: measured, or the dense bf16 rate in GFLOP/s where nothing at all was measured. */
function rates(market: Market, catalogue: readonly AcceleratorModel[]): (modelId: string) => number | null {
  for (const [modelId, work] of market.throughput) {
    if (!Number.isSafeInteger(work) || work < 1) throw new RangeError(`throughput of ${modelId} is ${work}`);
  }
  if (market.throughput.size > 0) return (modelId) => market.throughput.get(modelId) ?? null;
  const gflops = new Map(catalogue.map(({ id, bf16Tflops }) => [id, bf16Tflops && Math.round(bf16Tflops * 1_000)]));
  return (modelId) => gflops.get(modelId) ?? null;
}

function compareWorth(a: RankedModel, b: RankedModel): number {
  if (a.throughput === null || b.throughput === null) {
    if (a.throughput !== b.throughput) return a.throughput === null ? 1 : -1;
    return compareBigints(a.priceMicros, b.priceMicros) || compareText(a.modelId, b.modelId);
  }
  return (
    compareBigints(a.priceMicros * BigInt(b.throughput), b.priceMicros * BigInt(a.throughput)) ||
    compareBigints(a.priceMicros, b.priceMicros) ||
    compareText(a.modelId, b.modelId)
  );
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const reason = (code: string, en: string, zh: string): Reason => ({ code: `model.${code}`, en, zh });

function slower(model: AcceleratorModel, throughput: number | null, floor: number): Reason | null {
  if (throughput === null)
    return reason(
      'speed_unknown',
      `Nobody knows how fast ${model.id} is at this work.`,
      `${model.id} 在此类工作上的速度未知。`,
    );
  return throughput < floor
    ? reason('slower', `${model.id} is slower at this work than asked.`, `${model.id} 在此类工作上慢于要求。`)
    : null;
}

/** Why a model does not satisfy a need; null when it does. */
function unfit(model: AcceleratorModel, selector: AcceleratorSelector): Reason | null {
  const { models, vendors, stacks, interconnects } = selector;
  const { id } = model;
  if (models && !models.includes(id))
    return reason('not_named', `${id} is not among the models named.`, `${id} 不在指定型号之列。`);
  if (vendors && !vendors.includes(model.vendorClass)) {
    return reason('vendor', `${id} is of another vendor.`, `${id} 属于其他厂商。`);
  }
  const figures = [
    ['memory', model.memoryBytes, selector.memoryBytesMin, 'memory', '显存'],
    ['bf16', model.bf16Tflops, selector.bf16TflopsMin, 'bf16 rate', 'bf16 算力'],
    ['interconnect_speed', model.interconnectGbS, selector.interconnectGbSMin, 'interconnect speed', '互联带宽'],
  ] as const;
  for (const [code, has, least, en, zh] of figures) {
    if (least === undefined || (has !== null && has >= least)) continue;
    return has === null
      ? reason(`${code}_unknown`, `The ${en} of ${id} is not known.`, `${id} 的${zh}未知。`)
      : reason(code, `${id} has too little: ${en}.`, `${id} 的${zh}不足。`);
  }
  if (interconnects && !interconnects.some((name) => model.interconnect?.startsWith(name))) {
    return reason('interconnect', `${id} has another link between devices.`, `${id} 的卡间互联不符。`);
  }
  const { pytorchDevice, collectiveLibrary } = ACCELERATOR_VENDORS[model.vendorClass];
  if (stacks && !stacks.some((name) => name === pytorchDevice || name === collectiveLibrary)) {
    return reason('stack', `${id} runs another software stack.`, `${id} 的软件栈不符。`);
  }
  return null;
}
