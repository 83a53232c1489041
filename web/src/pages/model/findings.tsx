import type { Facts, Guess, Verdict } from '../../api/shapes';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge, isDangerous } from '../../ui/badge';
import { Notice } from '../../ui/state';
import styles from './model.module.css';

function warning(verdict: Verdict): { title: string; text: string } {
  if (verdict === 'dangerous') {
    return {
      title: t('Loading this file can run foreign code on your machine.'),
      text: t('It was read without being executed. The reasons are below.'),
    };
  }
  if (verdict === 'malformed') {
    return {
      title: t('This file breaks the rules of its own format.'),
      text: t('Nobody can tell what a less strict program does with it.'),
    };
  }
  return {
    title: t('This file asks for parts that are not on the list of known ones.'),
    text: t('They may be harmless. Load it only if you trust where it comes from.'),
  };
}

function Judgement({ facts }: { facts: Facts }) {
  const { verdict, reasons, imports } = facts;
  if (verdict !== 'unknown_import' && !isDangerous(verdict)) return null;
  const { title, text } = warning(verdict);
  const suspects = imports.filter((one) => one.judged !== 'allowed');
  return (
    <>
      <Notice tone={isDangerous(verdict) ? 'danger' : 'warning'} title={title}>
        {text}
      </Notice>
      <ul className={styles.reasons} aria-label={t('Reasons for the verdict')}>
        {reasons.map((reason) => (
          <li key={reason.code + reason.text}>{reason.text}</li>
        ))}
        {suspects.map((one) => (
          <li key={`${one.module}.${one.name}`}>
            <code>
              {one.module}.{one.name}
            </code>{' '}
            {one.judged === 'dangerous' ? t('is dangerous') : t('is not known')}
          </li>
        ))}
      </ul>
    </>
  );
}

function GuessView({ name, guess, words }: { name: string; guess: Guess; words: string }) {
  if (!guess.value) return null;
  return (
    <div className={styles.guess}>
      <div className={styles.words}>
        <span className={styles.guessName}>{name}</span>
        <Badge icon="layers">{words}</Badge>
        <Badge tone="accent">
          {t('{percent} % sure', { percent: Math.round(guess.confidence * 100) })}
        </Badge>
      </div>
      <ul className={styles.reasons} aria-label={t('Evidence for {what}', { what: words })}>
        {guess.evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

/** What a file says about itself: verdict with reasons, what it is with evidence, conflicts. */
export function Findings({ facts, level: Title = 'h3' }: { facts: Facts; level?: 'h2' | 'h3' }) {
  const { modelType, baseModel, conflicts } = facts;
  const known = modelType.value || baseModel.value;
  return (
    <>
      <Judgement facts={facts} />
      {known && (
        <div className={styles.block}>
          <Title>{t('What the tensors say')}</Title>
          <GuessView
            name={t('Type')}
            guess={modelType}
            words={[typeWords(modelType.value), facts.variant].filter(Boolean).join(' · ')}
          />
          <GuessView name={t('Base model')} guess={baseModel} words={baseModel.value} />
        </div>
      )}
      {conflicts.map((conflict) => (
        <Notice key={conflict.code + conflict.claimed} tone="warning">
          {conflict.text}
        </Notice>
      ))}
    </>
  );
}
