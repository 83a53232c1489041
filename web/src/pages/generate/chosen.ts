import { useQuery } from '@tanstack/react-query';
import { generationOptionsQuery } from '../../api/generation';
import { modelOfVersionQuery, modelQuery } from '../../api/models';
import type { ModelCard, VersionCard } from '../../api/shapes';
import type { Chosen } from './draft';

export interface Known {
  /** Of the catalogue; absent for a model that only backends have, and until it is known. */
  model?: ModelCard;
  version?: VersionCard;
  title: string;
  /** Names of the backends that have it; undefined until known. */
  backends?: string[];
  missing: boolean;
}

/** What is known of a chosen model: its catalogue page, and who has it. */
export function useChosen(chosen: Chosen | undefined): Known {
  const version = chosen?.version;
  const owner = useQuery({ ...modelOfVersionQuery(version ?? 0), enabled: version !== undefined });
  const found = useQuery({ ...modelQuery(owner.data ?? 0), enabled: owner.data !== undefined });
  const options = useQuery({ ...generationOptionsQuery(), enabled: chosen?.name !== undefined });
  const there = useQuery({
    ...generationOptionsQuery({ version }),
    enabled: version !== undefined,
    retry: false,
  });
  if (chosen?.name !== undefined) {
    const { name } = chosen;
    const backends = options.data?.models.find((one) => one.name === name)?.backends;
    return { title: name, backends: options.data && (backends ?? []), missing: false };
  }
  const model = found.data;
  return {
    model,
    version: model?.versions.find((one) => one.id === version),
    title: model?.name ?? '',
    backends: there.data?.backends,
    missing: owner.isError || found.isError,
  };
}
