import { coverOf, coverSeed } from '../../api/models';
import type { ModelCard } from '../../api/shapes';
import { Front } from '../picture/front';
import { Cover } from './cover';

interface CoverProps {
  model: ModelCard;
  /** Of its box, as for Front. */
  width: number;
  shape: number;
}

/** A model in a list: the first picture its creator shows, else a pattern of its own. */
export function ModelCover({ model, width, shape }: CoverProps) {
  const image = coverOf(model);
  if (!image) return <Cover seed={coverSeed(model)} type={model.type} />;
  return <Front image={image} name={model.name} width={width} shape={shape} />;
}
