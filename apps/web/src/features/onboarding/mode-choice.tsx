'use client';
import { useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { FlaskConical, Zap } from '@/ui/icons';

type Mode = 'sandbox' | 'live';
const ICONS = { sandbox: FlaskConical, live: Zap } as const;

/** Sandbox or live, as two cards: the choice cannot be changed later, so both say what they mean. */
export function ModeChoice({ value, onChange }: { value: Mode; onChange: (mode: Mode) => void }) {
  const t = useTranslations('onboarding');
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">{t('mode')}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {(['sandbox', 'live'] as const).map((mode) => {
          const Icon = ICONS[mode];
          return (
            <label
              key={mode}
              className={cx(
                'relative rounded-lg border p-3.5 has-focus-visible:outline-2 has-focus-visible:outline-accent',
                value === mode ? 'border-content bg-surface shadow-card' : 'border-line hover:border-line-strong',
              )}
            >
              <input
                type="radio"
                name="mode"
                value={mode}
                checked={value === mode}
                onChange={() => onChange(mode)}
                className="absolute inset-0 cursor-pointer opacity-0"
              />
              <span className="flex items-center gap-2 font-medium text-sm">
                <Icon className="size-4 text-muted" />
                {t(`modes.${mode}.title`)}
              </span>
              <span className="mt-1 block text-muted text-xs">{t(`modes.${mode}.text`)}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
