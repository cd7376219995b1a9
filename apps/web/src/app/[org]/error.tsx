'use client';
import { FailedState, type FailedStateProps } from '@/features/errors/failed-state';

export default function PageError(props: FailedStateProps) {
  return <FailedState {...props} />;
}
