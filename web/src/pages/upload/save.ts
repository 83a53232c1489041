import type { ModelForm, VersionForm } from '../../api/models';
import type { ModelCard } from '../../api/shapes';
import type { Details } from './details-step';
import type { Permissions } from './permissions-step';

const whole = (text: string) => (text.trim() === '' ? undefined : Number(text));

/** The form's one sheet as what the server keeps apart: the model and its version. */
export function detailForms(details: Details): { model: ModelForm; version: VersionForm } {
  return {
    model: {
      name: details.name,
      type: details.type,
      checkpointType: details.type === 'Checkpoint' ? details.checkpointType : undefined,
      description: details.description,
      tags: details.tags,
    },
    version: {
      name: details.versionName,
      baseModel: details.baseModel,
      trainedWords: details.trainedWords,
      description: details.versionDescription,
      steps: whole(details.steps),
      epochs: whole(details.epochs),
      clipSkip: whole(details.clipSkip),
    },
  };
}

export function permissionsOf(model: ModelCard): Permissions {
  return {
    allowNoCredit: model.allowNoCredit,
    allowCommercialUse: model.allowCommercialUse,
    allowDerivatives: model.allowDerivatives,
    allowDifferentLicense: model.allowDifferentLicense,
    nsfwLevel: model.nsfwLevel || 1,
  };
}
