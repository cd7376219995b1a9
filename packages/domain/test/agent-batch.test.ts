import { type AgentBatch, BatchError, decodeBatch, decodeJsonBatch, encodeBatch } from '@suanxiang/domain/agent-batch';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes });
const batchArb: fc.Arbitrary<AgentBatch> = fc.record({
  seq: fc.maxSafeNat(),
  sentAtMs: fc.maxSafeNat(),
  blocks: fc.array(
    fc.record({
      allocationId: fc.constantFrom('alloc_a', 'alloc_bb', ''),
      winStartS: fc.nat(2 ** 32 - 1).map((minute) => minute * 60),
      rev: fc.nat(2 ** 32 - 1),
      bytes: hex(120),
      digest: hex(32).map((bytes) => Buffer.from(bytes).toString('hex')),
    }),
    { maxLength: 8 },
  ),
});

test('a batch comes out as it went in, in both forms', () => {
  fc.assert(
    fc.property(batchArb, (batch) => {
      expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
      const blocks = batch.blocks.map((block) => ({
        allocation_id: block.allocationId,
        win_start_s: block.winStartS,
        rev: block.rev,
        digest: block.digest,
        bytes: Buffer.from(block.bytes).toString('hex'),
      }));
      const json = JSON.stringify({ seq: batch.seq, sent_at_ms: batch.sentAtMs, blocks });
      expect(decodeJsonBatch(json)).toEqual(batch);
    }),
  );
});

test('a body that is cut, longer, or nothing of the kind is refused, never half read', () => {
  fc.assert(
    fc.property(batchArb, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (batch, at, more) => {
      const body = encodeBatch(batch);
      expect(() => decodeBatch(body.subarray(0, at % body.length))).toThrow(BatchError);
      expect(() => decodeBatch(Buffer.concat([body, more]))).toThrow(BatchError);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
      expect(() => decodeBatch(body)).toThrow(BatchError);
    }),
  );
  for (const text of [
    '',
    'null',
    '[]',
    '{"seq":1.5,"sent_at_ms":0,"blocks":[]}',
    '{"seq":1,"sent_at_ms":1,"blocks":[null]}',
  ]) {
    expect(() => decodeJsonBatch(text)).toThrow(BatchError);
  }
});
