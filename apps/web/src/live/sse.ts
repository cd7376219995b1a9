/** One message of a stream of server-sent events. */
export interface SseMessage {
  id: string | null;
  data: string;
}

/**
 * Takes the text of a stream in pieces of any size and hands on whole messages. Comments (heartbeats) and what has no data
 * are left out. Lines may end in LF, CR LF or CR, as the standard allows.
 */
export function createSseReader(onMessage: (message: SseMessage) => void): (piece: string) => void {
  let rest = '';
  let id: string | null = null;
  let data: string[] = [];
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) onMessage({ id, data: data.join('\n') });
      id = null;
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'id') id = value;
  };
  return (piece) => {
    rest += piece;
    for (;;) {
      const found = /\r\n|\n|\r/.exec(rest);
      // A CR at the very end may be the first half of CR LF.
      if (!found || (found[0] === '\r' && found.index === rest.length - 1)) return;
      line(rest.slice(0, found.index));
      rest = rest.slice(found.index + found[0].length);
    }
  };
}
