export interface ServerSentEvent {
  /** Empty where the event names none. */
  id: string;
  data: string;
}

/**
 * Reads `text/event-stream`; comments and events without data are passed over, one that was cut off is dropped.
 * `heard` is called for whatever arrives.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  try {
    let text = '';
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      heard();
      text += value;
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parse(block);
        if (event.data !== '') yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parse(block: string): ServerSentEvent {
  const event = { id: '', data: [] as string[] };
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^(\w+):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'id') event.id = value;
    if (field === 'data') event.data.push(value);
  }
  return { id: event.id, data: event.data.join('\n') };
}
