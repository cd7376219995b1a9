import type { Icon } from '@/ui/icons';

/**
 * The one registry of what can be done from here: pages register their actions while they are shown, and shortcuts, the
 * palette and the keyboard help all read this list, so they cannot disagree.
 */
export interface Command {
  id: string;
  label: string;
  group: 'actions' | 'navigation' | 'preferences';
  /** Keys pressed one after the other, for example "g i" or "c". */
  keys?: string;
  icon?: Icon;
  /** More words to find it by. */
  keywords?: string;
  run: () => void;
}

export interface CommandStore {
  register: (commands: readonly Command[]) => () => void;
  list: () => readonly Command[];
  subscribe: (listener: () => void) => () => void;
}

/** Later registrations win over earlier ones with the same keys: the page before the shell. */
export function createCommandStore(): CommandStore {
  const groups = new Set<readonly Command[]>();
  const listeners = new Set<() => void>();
  let flat: readonly Command[] = [];
  const change = () => {
    flat = [...groups].reverse().flat();
    for (const listener of listeners) listener();
  };
  return {
    register(commands) {
      groups.add(commands);
      change();
      return () => {
        groups.delete(commands);
        change();
      };
    },
    list: () => flat,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export interface KeyPress {
  key: string;
  /** True where the key types text, so that no shortcut may take it. */
  typing: boolean;
}

const SEQUENCE_MS = 1200;

/** Follows key presses and says which command they complete. A sequence is forgotten after 1.2 s. */
export function createKeyMatcher(list: () => readonly Command[]) {
  let pressed = '';
  let lastMs = 0;
  return (press: KeyPress, nowMs: number): Command | null => {
    if (press.typing) {
      pressed = '';
      return null;
    }
    const before = nowMs - lastMs < SEQUENCE_MS ? pressed : '';
    lastMs = nowMs;
    for (const candidate of [`${before} ${press.key}`.trim(), press.key]) {
      const found = list().find((command) => command.keys === candidate);
      if (found) {
        pressed = '';
        return found;
      }
      if (list().some((command) => command.keys?.startsWith(`${candidate} `))) {
        pressed = candidate;
        return null;
      }
    }
    pressed = '';
    return null;
  };
}
