'use client';
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import { useEffect, useRef } from 'react';
import { openSession, type TerminalSession } from './terminal-session';

const DARK: ITheme = {
  background: '#0f1216',
  foreground: '#e6e8eb',
  cursor: '#e6e8eb',
  selectionBackground: '#3a4656',
};
const LIGHT: ITheme = {
  background: '#ffffff',
  foreground: '#1b1f24',
  cursor: '#1b1f24',
  selectionBackground: '#c7dcff',
  yellow: '#8a5a00',
  brightYellow: '#7a5200',
  green: '#116329',
  brightGreen: '#116329',
  cyan: '#0b6477',
  brightCyan: '#0b6477',
  white: '#57606a',
  brightWhite: '#24292f',
};
/** Two presses of Escape within this time leave the terminal. */
const LEAVE_MS = 500;

function themeNow(): ITheme {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  return isDark ? DARK : LIGHT;
}

export interface TerminalScreenProps {
  label: string;
  url: string;
  ticket: string;
  /** Where the keyboard goes when it leaves the terminal. */
  onLeave(): void;
  onReady(): void;
  onEnd(reason: string): void;
}

/** Keys that only leave the terminal; everything else, Tab too, belongs to the program inside. */
function leavesOn(terminal: Terminal, leave: () => void): void {
  let escapedMs = Number.NEGATIVE_INFINITY;
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown' || event.key !== 'Escape') return true;
    if (event.timeStamp - escapedMs < LEAVE_MS) {
      leave();
      return false;
    }
    escapedMs = event.timeStamp;
    return true;
  });
}

/** The screen of one session. A new ticket is a new screen. */
export default function TerminalScreen(props: TerminalScreenProps) {
  const { label, url, ticket } = props;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const terminal = new Terminal({
      fontSize: 13,
      fontFamily: getComputedStyle(element).fontFamily,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      screenReaderMode: true,
      scrollback: 5_000,
      theme: themeNow(),
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(element);
    fit.fit();
    leavesOn(terminal, () => latest.current.onLeave());
    let session: TerminalSession | null = openSession(url, ticket, {
      onReady() {
        session?.resize(terminal.cols, terminal.rows);
        terminal.focus();
        latest.current.onReady();
      },
      onOutput: (bytes) => terminal.write(bytes),
      onEnd(reason) {
        session = null;
        terminal.options.disableStdin = true;
        latest.current.onEnd(reason);
      },
    });
    const encoder = new TextEncoder();
    terminal.onData((text) => session?.type(encoder.encode(text)));
    terminal.onResize(({ cols, rows }) => session?.resize(cols, rows));
    const sizes = new ResizeObserver(() => fit.fit());
    sizes.observe(element);
    const themes = new MutationObserver(() => {
      terminal.options.theme = themeNow();
    });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      session?.close();
      terminal.dispose();
    };
  }, [url, ticket]);
  return <section ref={place} aria-label={label} className="h-[60dvh] min-h-64 overflow-hidden p-2 font-mono" />;
}
