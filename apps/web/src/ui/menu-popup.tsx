'use client';
import { Menu as Base } from '@base-ui/react/menu';
import Link from 'next/link';
import type { ReactNode, RefObject } from 'react';
import { cx } from '@/lib/cx';
import { Check } from '@/ui/icons';
import type { MenuEntry } from './menu';

const ITEM =
  'flex min-h-8 w-full cursor-default select-none items-center gap-2.5 rounded-sm px-2 text-left text-sm outline-none data-disabled:text-subtle data-highlighted:bg-hover';

interface MenuPopupProps {
  button: RefObject<HTMLButtonElement | null>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  entries: readonly MenuEntry[];
  align: 'start' | 'end';
  label: string;
  className: string | undefined;
}

/** The open menu; see Menu for why it is a file of its own. */
export default function MenuPopup({ button, open, onOpenChange, entries, align, label, className }: MenuPopupProps) {
  return (
    <Base.Root
      open={open}
      modal={false}
      onOpenChange={(next, details) => {
        // A press on the button itself is the button's to handle; closing here would make it open again.
        if (!next && details.event.target instanceof Node && button.current?.contains(details.event.target)) return;
        onOpenChange(next);
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={button} sideOffset={6} align={align} className="z-popup outline-none">
          <Base.Popup
            finalFocus={button}
            aria-label={label}
            className={cx(
              'max-h-(--available-height) min-w-44 max-w-80 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-raised outline-none transition duration-100 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0',
              className,
            )}
          >
            {entries.map((entry) => (
              <Entry key={entry.key} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Icon({ children }: { children: ReactNode }) {
  return children ? <span className="text-muted [&>svg]:size-4">{children}</span> : null;
}

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'separator':
      return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
    case 'label':
      return <div className="px-2 pt-2 pb-1 font-medium text-subtle text-xs">{entry.label}</div>;
    case 'text':
      return <div className="px-2 py-1.5">{entry.label}</div>;
    case 'link':
      return (
        <Base.LinkItem className={ITEM} closeOnClick render={<Link href={entry.href} />}>
          <Icon>{entry.icon}</Icon>
          <span className="min-w-0 flex-1 truncate">{entry.label}</span>
        </Base.LinkItem>
      );
    case 'item':
      return (
        <Base.Item
          className={cx(ITEM, entry.danger && !entry.blocked && 'text-danger')}
          disabled={Boolean(entry.blocked)}
          onClick={entry.onSelect}
        >
          <Icon>{entry.icon}</Icon>
          <span className="min-w-0 flex-1">
            <span className="block truncate">{entry.label}</span>
            {entry.blocked && <span className="block text-subtle text-xs">{entry.blocked}</span>}
          </span>
        </Base.Item>
      );
    case 'choice':
      return (
        <Base.RadioGroup value={entry.value} onValueChange={entry.onChange} aria-label={entry.label}>
          {entry.options.map((option) => (
            <Base.RadioItem key={option.value} value={option.value} closeOnClick className={ITEM}>
              <Icon>{option.icon}</Icon>
              <span className="min-w-0 flex-1 truncate">{option.label}</span>
              <Base.RadioItemIndicator>
                <Check className="size-4" />
              </Base.RadioItemIndicator>
            </Base.RadioItem>
          ))}
        </Base.RadioGroup>
      );
  }
}
