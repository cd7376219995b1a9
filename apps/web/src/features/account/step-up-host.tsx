'use client';
import { useEffect, useState } from 'react';
import { setStepUp } from '@/api/step-up';
import { lazily } from '@/lib/lazily';

const StepUpDialog = lazily(() => import('./step-up-dialog'));

interface Question {
  done: () => void;
  cancel: () => void;
}

/** Shows the question for a recent proof whenever a request needs one. Nothing of it is loaded before. */
export function StepUpHost() {
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(() => {
    setStepUp(
      () =>
        new Promise<void>((resolve, reject) => {
          const answered = (settle: () => void) => () => {
            setQuestion(null);
            settle();
          };
          setQuestion({ done: answered(resolve), cancel: answered(() => reject(new Error('cancelled'))) });
        }),
    );
    return () => setStepUp(null);
  }, []);
  return question && <StepUpDialog onProved={question.done} onCancel={question.cancel} />;
}
