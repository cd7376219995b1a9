'use client';
import { useTranslations } from 'next-intl';
import { eventGroups, kindsOf, toggleType } from '@/features/events/event-types';
import { Checkbox } from '@/ui/field';
import { ChevronRight } from '@/ui/icons';

interface EventTypePickerProps {
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Which events an address receives: kinds in groups, each as a whole or by what happened. */
export function EventTypePicker({ chosen, onChange }: EventTypePickerProps) {
  const t = useTranslations('webhooks');
  const events = useTranslations('events');
  return (
    <div className="space-y-4">
      {eventGroups.map((group) => (
        <fieldset key={group} className="rounded-lg border border-line">
          <legend className="ml-3 px-1 text-muted text-xs">{events(`groups.${group}`)}</legend>
          <div className="divide-y divide-line">
            {kindsOf(group).map(({ kind, types }) => {
              const whole = chosen.includes(`${kind}.*`);
              const some = types.filter((type) => whole || chosen.includes(type)).length;
              return (
                <details key={kind} className="group" open={!whole && some > 0}>
                  <summary className="flex min-h-10 cursor-pointer list-none items-center gap-2.5 px-3 py-1.5 text-sm [&::-webkit-details-marker]:hidden">
                    <ChevronRight className="size-3.5 shrink-0 text-subtle transition-transform group-open:rotate-90" />
                    <span className="flex-1 font-medium">{events(`kinds.${kind}`)}</span>
                    <span className="text-subtle text-xs">
                      {whole ? t('allOfKind') : some > 0 ? t('someOfKind', { count: some }) : ''}
                    </span>
                  </summary>
                  <div className="grid gap-2 px-3 pt-1 pb-3 pl-9 sm:grid-cols-2">
                    {[`${kind}.*`, ...types].map((type) => (
                      <Checkbox
                        key={type}
                        className={type.endsWith('*') ? 'sm:col-span-2' : ''}
                        label={<code className="break-all font-mono font-normal text-xs">{type}</code>}
                        checked={whole || chosen.includes(type)}
                        onChange={() => onChange(toggleType(chosen, kind, types, type))}
                      />
                    ))}
                  </div>
                </details>
              );
            })}
          </div>
        </fieldset>
      ))}
    </div>
  );
}
