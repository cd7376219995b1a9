import { sdkContract } from './model';
import { pythonSdk } from './python';
import { typescriptSdk } from './typescript';

/** Files of the clients that are made from the contract: path in the repository -> text. */
export function generatedSdk(): Record<string, string> {
  const contract = sdkContract();
  return {
    'packages/sdk/src/generated/api.ts': typescriptSdk(contract),
    ...pythonSdk(contract),
  };
}
