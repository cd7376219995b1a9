'use client';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { lazily } from '@/lib/lazily';

export interface MenuOption {
  value: string;
  label: ReactNode;
  icon?: ReactNode;
}

/** One row of a menu. `blocked` says why an item cannot be used; it stays visible and disabled. */
export type MenuEntry =
  | {
      kind: 'item';
      key: string;
      label: ReactNode;
      icon?: ReactNode;
      blocked?: string | null;
      danger?: boolean;
      onSelect: () => void;
    }
  | { kind: 'link'; key: string; label: ReactNode; icon?: ReactNode; href: string }
  | {
      kind: 'choice';
      key: string;
      label: string;
      value: string;
      options: readonly MenuOption[];
      onChange: (value: string) => void;
    }
  | { kind: 'label'; key: string; label: ReactNode }
  | { kind: 'text'; key: string; label: ReactNode }
  | { kind: 'separator'; key: string };

export interface MenuProps {
  /** Name of the button that opens the menu. */
  label: string;
  /** What the button shows. */
  children: ReactNode;
  buttonClassName: string;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
  className?: string;
}

const loadPopup = () => import('./menu-popup');
const MenuPopup = lazily(loadPopup);

/**
 * A button with a menu. The menu itself (positioning, typeahead, focus) is 50 kB that no page needs before somebody
 * reaches for it, so it is fetched when the pointer or the focus arrives.
 */
export function Menu({ label, children, buttonClassName, entries, align = 'end', className }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const toggle = (next: boolean) => {
    setUsed(true);
    setOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' || open) return;
    event.preventDefault();
    toggle(true);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={buttonClassName}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={() => void loadPopup()}
        onFocus={() => void loadPopup()}
        onClick={() => toggle(!open)}
        onKeyDown={onKeyDown}
      >
        {children}
      </button>
      {used && (
        <MenuPopup
          button={button}
          open={open}
          onOpenChange={setOpen}
          entries={entries}
          align={align}
          label={label}
          className={className}
        />
      )}
    </>
  );
}
