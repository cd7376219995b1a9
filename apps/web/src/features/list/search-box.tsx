'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useCommands } from '@/commands/provider';
import { Input } from '@/ui/field';
import { Search } from '@/ui/icons';

interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A search field that waits for a pause in typing; "/" focuses it. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const t = useTranslations('commands');
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // The address changed by other means (Back, "clear filters"): follow it.
  if (value !== seen) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 250);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  useCommands(
    () => [
      {
        id: 'filter',
        label: t('filter'),
        group: 'actions',
        keys: '/',
        icon: Search,
        run: () => input.current?.focus(),
      },
    ],
    [t],
  );
  return (
    <span className="relative inline-flex w-full sm:w-64">
      <Search className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-subtle" />
      <Input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={63}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        className="pl-8"
      />
    </span>
  );
}
