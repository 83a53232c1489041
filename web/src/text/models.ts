import type { Licence } from '../api/shapes';
import { t } from './words';

/** A model type as people say it. */
export function typeWords(type: string): string {
  switch (type) {
    case 'Checkpoint':
      return t('Checkpoint');
    case 'LORA':
      return t('LoRA');
    case 'LoCon':
      return t('LoCon');
    case 'TextualInversion':
      return t('Embedding');
    case 'Controlnet':
      return t('ControlNet');
    case 'MotionModule':
      return t('Motion module');
    case 'TextEncoder':
      return t('Text encoder');
    case 'CLIPVision':
      return t('CLIP vision');
    case 'AestheticGradient':
      return t('Aesthetic gradient');
    case 'ComfyWorkflows':
      return t('ComfyUI workflow');
    case 'VisionLanguage':
      return t('Vision language model');
    case 'LLM':
      return t('Language model');
    default:
      return type;
  }
}

export interface Permission {
  allowed: boolean;
  text: string;
}

/** The licence flags as sentences a person can act on. */
export function licenceSentences(licence: Licence): Permission[] {
  const use = licence.allowCommercialUse;
  const may = (yes: boolean, allowed: string, denied: string): Permission => ({
    allowed: yes,
    text: yes ? allowed : denied,
  });
  return [
    may(
      licence.allowNoCredit,
      t('Use it without naming the creator'),
      t('Name the creator when you use it'),
    ),
    may(use.includes('Image'), t('Sell images made with it'), t('Do not sell images made with it')),
    may(
      use.includes('RentCivit'),
      t('Run it on the paid generation service of Civitai'),
      t('Do not run it on the paid generation service of Civitai'),
    ),
    may(
      use.includes('Rent'),
      t('Run it on any paid generation service'),
      t('Do not run it on other paid generation services'),
    ),
    may(
      use.includes('Sell'),
      t('Sell this model or merges of it'),
      t('Do not sell this model or merges of it'),
    ),
    may(
      licence.allowDerivatives,
      t('Share merges and changed versions'),
      t('Do not share merges or changed versions'),
    ),
    may(
      licence.allowDifferentLicense,
      t('Give merges other permissions'),
      t('Merges must keep these same permissions'),
    ),
  ];
}
