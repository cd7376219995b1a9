import { truncate } from './width';

/** Text at the foot of a terminal that is drawn over itself. Colours must not cross lines. */
export interface LiveArea {
  draw(text: string): void;
  /** Leaves what stands there and goes on below it. */
  end(): void;
}

/**
 * A live area of a terminal of so many cells. Lines are cut to its width and, with `rows`, to its height, so that every line
 * drawn is one line on the screen and can be taken back.
 */
export function liveArea(
  write: (text: string) => void,
  size: () => { columns: number; rows: number | null },
): LiveArea {
  let height = 0;
  return {
    draw(text) {
      const { columns, rows } = size();
      const all = text.replace(/\n$/, '').split('\n');
      const most = rows === null ? all.length : Math.max(1, rows - 1);
      const kept = all.length > most ? [...all.slice(0, most - 1), `… ${all.length - most + 1}`] : all;
      const lines = kept.map((line) => `${truncate(line, columns)}\n`).join('');
      write(`${height ? `\u001b[${height}A` : ''}\r\u001b[J${lines}`);
      height = kept.length;
    },
    end() {
      height = 0;
    },
  };
}
