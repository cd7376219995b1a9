'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { WorkloadKind } from '@/features/workload/kind';
import type { ContractForm } from '@/forms/use-contract-form';
import { lazily } from '@/lib/lazily';
import { Button } from '@/ui/button';
import { Terminal } from '@/ui/icons';

const CodeDialog = lazily(() => import('@/features/code/code-dialog'));

interface LaunchSubmitProps {
  kind: WorkloadKind;
  form: ContractForm;
  bodyOf: (fields: Record<string, string>) => object;
}

/** Launch, and the same request as code. */
export function LaunchSubmit({ kind, form, bodyOf }: LaunchSubmitProps) {
  const t = useTranslations('launch');
  const common = useTranslations('common');
  const [code, setCode] = useState<object | null>(null);
  const show = () => {
    const fields = form.ref.current ? Object.fromEntries(new FormData(form.ref.current)) : {};
    setCode(bodyOf(fields as Record<string, string>));
  };
  return (
    <div className="mt-5 space-y-2">
      <Button type="submit" variant="primary" size="lg" className="w-full" busy={form.busy}>
        {t(`${kind}.submit`)}
      </Button>
      <Button variant="ghost" className="w-full" onClick={show}>
        <Terminal className="size-4" />
        {common('showCode')}
      </Button>
      {code && (
        <CodeDialog
          title={common('showCode')}
          calls={[
            {
              label: t(`${kind}.submit`),
              operationId: kind === 'cluster' ? 'createCluster' : 'createInstance',
              input: { body: code },
            },
          ]}
          onClose={() => setCode(null)}
        />
      )}
    </div>
  );
}
