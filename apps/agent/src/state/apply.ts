import { BLOCK_SECONDS, encodeBlock, type SecondPpm } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import type { Entry, Meter, State } from './model';

/** Events and evidence of scrubs kept for readers that come late. */
const KEEP_HEALTH = 10_000;
const KEEP_SCRUBS = 10_000;

export function newState(): State {
  return {
    allocations: new Map(),
    meters: new Map(),
    blocks: [],
    nextSeq: 1,
    acknowledgedSeq: 0,
    health: [],
    nextHealthSeq: 1,
    drained: false,
    scrubs: new Map(),
  };
}

function emit(state: State, allocationId: string, meter: Meter): void {
  if (meter.winStartS === null) return;
  const bytes = encodeBlock(meter.values);
  const key = { allocationId, winStartS: meter.winStartS, rev: 0 };
  state.blocks.push({
    seq: state.nextSeq,
    allocationId,
    winStartS: meter.winStartS,
    bytes: Buffer.from(bytes).toString('base64'),
    digest: blockDigest(key, bytes),
  });
  state.nextSeq += 1;
  meter.winStartS = null;
  meter.values = [];
}

function measure(state: State, id: string, fromS: number, values: readonly SecondPpm[]): Meter {
  let meter = state.meters.get(id);
  if (!meter) {
    meter = { winStartS: null, values: [], nextS: fromS, usedUs: 0, readAtMs: 0, lastPpm: null };
    state.meters.set(id, meter);
  }
  for (const [index, ppm] of values.entries()) {
    const second = fromS + index;
    const winStartS = Math.floor(second / BLOCK_SECONDS) * BLOCK_SECONDS;
    if (meter.winStartS !== winStartS) {
      emit(state, id, meter);
      meter.winStartS = winStartS;
      meter.values = Array<SecondPpm>(BLOCK_SECONDS).fill(null);
    }
    meter.values[second - winStartS] = ppm;
    meter.nextS = second + 1;
    meter.lastPpm = ppm;
    if (second === winStartS + BLOCK_SECONDS - 1) emit(state, id, meter);
  }
  return meter;
}

/** Changes the state by one entry; the same when it happens and when it is read back. */
export function apply(state: State, entry: Entry): void {
  switch (entry.t) {
    case 'put':
      state.allocations.set(entry.a.id, structuredClone(entry.a));
      break;
    case 'forget':
      state.allocations.delete(entry.id);
      state.meters.delete(entry.id);
      break;
    case 'seconds': {
      const meter = measure(state, entry.id, entry.fromS, entry.values);
      meter.usedUs = entry.usedUs;
      meter.readAtMs = entry.readAtMs;
      break;
    }
    case 'flush': {
      const meter = state.meters.get(entry.id);
      if (meter) emit(state, entry.id, meter);
      state.meters.delete(entry.id);
      break;
    }
    case 'ack':
      if (entry.seq <= state.acknowledgedSeq) break;
      state.acknowledgedSeq = Math.min(entry.seq, state.nextSeq - 1);
      state.blocks = state.blocks.filter(({ seq }) => seq > state.acknowledgedSeq);
      break;
    case 'health':
      state.health.push({ seq: state.nextHealthSeq, ...entry.event });
      state.nextHealthSeq += 1;
      if (state.health.length > KEEP_HEALTH) state.health.splice(0, state.health.length - KEEP_HEALTH);
      break;
    case 'drained':
      state.drained = entry.drained;
      break;
    case 'scrub':
      state.scrubs.set(entry.key, entry.evidence);
      if (state.scrubs.size > KEEP_SCRUBS) state.scrubs.delete(state.scrubs.keys().next().value as string);
      break;
  }
}

/** The state as plain data, and back. */
export function toPlain(state: State): unknown {
  return {
    ...state,
    allocations: [...state.allocations.values()],
    meters: [...state.meters],
    scrubs: [...state.scrubs],
  };
}

export function fromPlain(plain: unknown): State {
  const read = plain as Omit<State, 'allocations' | 'meters' | 'scrubs'> & {
    allocations: State['allocations'] extends Map<string, infer A> ? A[] : never;
    meters: [string, Meter][];
    scrubs: State['scrubs'] extends Map<string, infer E> ? [string, E][] : never;
  };
  return {
    ...read,
    allocations: new Map(read.allocations.map((one) => [one.id, one])),
    meters: new Map(read.meters),
    scrubs: new Map(read.scrubs),
  };
}
