import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { modelQuery, models } from '../../api/models';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { nameOf, typeOf } from './first-guess';

/**
 * The model and version this wizard works on. They are drafts on the server from the first file
 * on, so a reload or another machine finds everything again.
 */
export function useDraft() {
  const search = useSearch({ from: '/members/upload' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const id = Number(search.model) || 0;
  const found = useQuery({ ...modelQuery(id), enabled: id > 0 });
  const model: ModelCard | undefined = found.data;
  const version: VersionCard | undefined =
    search.version === 'new'
      ? undefined
      : (model?.versions.find((one) => String(one.id) === search.version) ?? model?.versions[0]);

  /** Makes what is missing before the first byte is sent. */
  async function begin(file: File): Promise<{ modelId: number; versionId: number }> {
    let modelId = model?.id;
    if (modelId === undefined) {
      const made = await models.create({ name: nameOf(file.name), type: typeOf(file) });
      modelId = made.id;
    }
    let versionId = version?.id;
    if (versionId === undefined) {
      const count = model?.versions.length ?? 0;
      const baseModel = model?.versions[0]?.baseModel ?? 'Other';
      const made = await models.addVersion(modelId, { name: `v${count + 1}.0`, baseModel });
      versionId = Math.max(...made.versions.map((one) => one.id));
    }
    await queries.invalidateQueries({ queryKey: ['model', modelId] });
    await navigate({
      to: '/upload',
      search: { model: String(modelId), version: String(versionId) },
      replace: true,
    });
    return { modelId, versionId };
  }

  const refresh = () => queries.invalidateQueries({ queryKey: ['model', id] });
  return { model, version, found, begin, refresh, search };
}
