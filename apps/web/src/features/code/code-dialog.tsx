'use client';
import type { CallInput } from '@suanxiang/contract/client';
import { requestOf } from '@suanxiang/contract/client';
import { type OperationId, routeOf } from '@suanxiang/contract/routes';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useConsole } from '@/shell/console-context';
import { CodeBlock } from '@/ui/code-block';
import { Dialog } from '@/ui/dialog';
import { Segmented } from '@/ui/segmented';
import { type SdkLanguage, sdkProgram } from './sdk-snippets';
import { cliCommand, curlCommand } from './snippets';

type How = 'curl' | 'cli' | SdkLanguage;

export interface CodeCall {
  label: string;
  operationId: OperationId;
  input: { params?: object; query?: object; body?: object };
}

interface CodeDialogProps {
  title: string;
  calls: readonly CodeCall[];
  onClose: () => void;
}

/** The same request as curl, as a command line and as a program of our clients, made from the same contract that the form uses. */
export default function CodeDialog({ title, calls, onClose }: CodeDialogProps) {
  const t = useTranslations('shell');
  const { publicApiUrl, organization } = useConsole();
  const [how, setHow] = useState<How>('curl');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={t('codeText')}
      className="max-w-2xl"
    >
      <Segmented
        label={t('codeHow')}
        value={how}
        onChange={setHow}
        options={[
          { value: 'curl', label: 'curl' },
          { value: 'cli', label: 'suan' },
          { value: 'python', label: 'Python' },
          { value: 'typescript', label: 'TypeScript' },
        ]}
      />
      <div className="mt-4 space-y-4">
        {calls.map((call) => {
          const code = codeOf(how, call, publicApiUrl, organization.id);
          return (
            <div key={call.operationId}>
              {calls.length > 1 && <p className="mb-1.5 text-muted text-xs">{call.label}</p>}
              <CodeBlock code={code} label={t('copyCode')} />
            </div>
          );
        })}
      </div>
    </Dialog>
  );
}

function codeOf(how: How, { operationId, input }: CodeCall, apiUrl: string, organizationId: string): string {
  const route = routeOf(operationId);
  if (how === 'cli') return cliCommand(route, input);
  if (how !== 'curl') return sdkProgram(how, apiUrl, route, input);
  return curlCommand(apiUrl, organizationId, requestOf(operationId, input as CallInput<OperationId>));
}
