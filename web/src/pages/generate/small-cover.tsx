import { coverOf, coverSeed } from '../../api/models';
import type { Pictured } from '../../api/images';
import type { ModelCard } from '../../api/shapes';
import { Cover } from '../../ui/cover/cover';
import { Picture } from '../../ui/picture/picture';
import { useVeiled } from '../../ui/picture/levels';

function Front({ image }: { image: Pictured }) {
  const { veiled } = useVeiled(image);
  return <Picture image={image} width={48} veiled={veiled} />;
}

/** A model's cover as a mark beside its name: what is veiled stays so. */
export function SmallCover({ model }: { model: ModelCard }) {
  const image = coverOf(model);
  return image ? <Front image={image} /> : <Cover seed={coverSeed(model)} type={model.type} />;
}
