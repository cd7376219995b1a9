import { readServerSentEvents } from '@suanxiang/contract/server-sent-events';
import fc from 'fast-check';
import { expect, test } from 'vitest';

async function read(chunks: readonly Uint8Array[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events = [];
  for await (const event of readServerSentEvents(body, () => {})) events.push(event);
  return events;
}

const stream =
  'retry: 2000\n: hello\n\nid: evt_1\nevent: a.b\ndata: {"名":"算"}\n\n: still here\n\nid: 2\ndata: x\ndata: y\n\nid: 3\ndata: cut';

test('events are the same wherever the network cuts the bytes; what was cut off is dropped', async () => {
  const bytes = new TextEncoder().encode(stream);
  const expected = [
    { id: 'evt_1', data: '{"名":"算"}' },
    { id: '2', data: 'x\ny' },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.slice(at[index], end));
      expect(await read(chunks)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
