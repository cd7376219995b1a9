'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useUrlState } from '@/features/list/use-url-state';
import { Button } from '@/ui/button';
import { Field, Input, Select } from '@/ui/field';
import { eventGroups, kindsOf } from './event-types';

const NAMES = ['type', 'resource', 'actor', 'since', 'until'] as const;
type Name = (typeof NAMES)[number];

/** What of the events is shown; kept in the address. */
export function EventFilters() {
  const t = useTranslations('events');
  const common = useTranslations('common');
  const url = useUrlState();
  const set = (name: Name, value: string) => url.set({ [name]: value || null, cursor: null });
  const type = url.get('type');
  const kind = type.split('.')[0] ?? '';
  const types = eventGroups.flatMap(kindsOf).find((one) => one.kind === kind)?.types ?? [];
  const filtered = NAMES.some((name) => url.get(name) !== '');
  const clear = () => url.set(Object.fromEntries([...NAMES, 'cursor'].map((name) => [name, null])));
  return (
    <div className="mb-4 grid grid-cols-2 items-end gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Field label={t('kind')}>
        {(control) => (
          <Select {...control} value={kind} onChange={({ target }) => set('type', target.value && `${target.value}.*`)}>
            <option value="">{common('all')}</option>
            {eventGroups.map((group) => (
              <optgroup key={group} label={t(`groups.${group}`)}>
                {kindsOf(group).map((one) => (
                  <option key={one.kind} value={one.kind}>
                    {t(`kinds.${one.kind}`)}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('happened')}>
        {(control) => (
          <Select {...control} value={type} disabled={!kind} onChange={({ target }) => set('type', target.value)}>
            <option value={kind && `${kind}.*`}>{common('all')}</option>
            {types.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Typed
        label={t('resource')}
        placeholder="inst_…"
        value={url.get('resource')}
        onChange={(to) => set('resource', to)}
      />
      <Typed label={t('actor')} placeholder="user:…" value={url.get('actor')} onChange={(to) => set('actor', to)} />
      <Typed label={t('since')} type="datetime-local" value={url.get('since')} onChange={(to) => set('since', to)} />
      <Typed label={t('until')} type="datetime-local" value={url.get('until')} onChange={(to) => set('until', to)} />
      {filtered && (
        <Button size="sm" className="col-span-full justify-self-start" onClick={clear}>
          {common('clear')}
        </Button>
      )}
    </div>
  );
}

interface TypedProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  type?: 'text' | 'datetime-local';
}

/** A filter that is typed: it holds when the field is left or Enter is pressed. */
function Typed({ label, value, onChange, placeholder, type = 'text' }: TypedProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // The address changed by other means (Back, "clear filters"): follow it.
  if (value !== seen) {
    setSeen(value);
    setText(value);
  }
  const done = () => text.trim() !== value && onChange(text.trim());
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type={type}
          value={text}
          placeholder={placeholder}
          maxLength={64}
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => setText(target.value)}
          onBlur={done}
          onKeyDown={({ key }) => key === 'Enter' && done()}
          className={type === 'text' ? 'font-mono' : 'tnum'}
        />
      )}
    </Field>
  );
}
