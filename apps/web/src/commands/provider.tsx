'use client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { lazily } from '@/lib/lazily';
import { type Command, type CommandStore, createCommandStore, createKeyMatcher } from './store';

const Palette = lazily(() => import('./palette'));
const KeyboardHelp = lazily(() => import('./keyboard-help'));

interface CommandContext {
  store: CommandStore;
  openPalette: () => void;
  openHelp: () => void;
}

const Context = createContext<CommandContext | null>(null);

/** The palette and the help, for buttons that open them. */
export function useCommandCentre(): CommandContext {
  const context = useContext(Context);
  if (!context) throw new Error('useCommandCentre needs a CommandProvider');
  return context;
}

/** Registers commands while the calling component is shown. `deps` names what their labels and actions depend on. */
export function useCommands(make: () => readonly Command[], deps: readonly unknown[]): void {
  const context = useContext(Context);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names the dependencies
  const commands = useMemo(make, deps);
  useEffect(() => context?.store.register(commands), [context, commands]);
}

/** All commands that are registered now. */
export function useCommandList(): readonly Command[] {
  const { store } = useCommandCentre();
  return useSyncExternalStore(store.subscribe, store.list, () => []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens to the keyboard and opens the palette (⌘K, Ctrl K) and the help (?). Both load when first opened. */
export function CommandProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const [store] = useState(createCommandStore);
  const context = useMemo(
    () => ({ store, openPalette: () => setOpen('palette'), openHelp: () => setOpen('help') }),
    [store],
  );

  useEffect(() => {
    const match = createKeyMatcher(store.list);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        setOpen((now) => (now === 'palette' ? null : 'palette'));
        return;
      }
      if (open || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      // A dialog owns the keyboard while it is open.
      if (document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]')) return;
      const typing = isTyping(event.target);
      if (event.key === '?' && !typing) {
        setOpen('help');
        return;
      }
      const command = match({ key: event.key, typing }, event.timeStamp);
      if (command) {
        event.preventDefault();
        command.run();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store, open]);

  return (
    <Context value={context}>
      {children}
      {open === 'palette' && <Palette onClose={() => setOpen(null)} />}
      {open === 'help' && <KeyboardHelp onClose={() => setOpen(null)} />}
    </Context>
  );
}
