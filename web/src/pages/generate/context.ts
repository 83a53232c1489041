import { createContext, use } from 'react';
import type { GenerationOptions, GenerationRequest } from '../../api/generation';
import type { Change, Draft } from './draft';

/** What every part of the panel works on. */
export interface PanelState {
  draft: Draft;
  change: Change;
  /** What can be asked for here, and what fits the chosen model; undefined until known. */
  options: GenerationOptions | undefined;
  /** The request as the server understood it, with its defaults filled in. */
  understood: GenerationRequest | undefined;
  /** What is wrong at this JSON Pointer ("/model") or below it. */
  fault: (path: string) => string | undefined;
}

export const PanelContext = createContext<PanelState | null>(null);

export function usePanel(): PanelState {
  const state = use(PanelContext);
  if (!state) throw new Error('used outside the panel');
  return state;
}
