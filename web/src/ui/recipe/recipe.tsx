import { Link } from '@tanstack/react-router';
import { images } from '../../api/images';
import type { ImageResource, ImageView } from '../../api/images';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../button';
import { copy } from '../copy';
import { Notice } from '../state';
import { say } from '../toast';
import { kindWords, pieces, recipeText, settingsOf } from './words';
import styles from './recipe.module.css';

function Prompt({ title, text, quiet }: { title: string; text: string; quiet?: boolean }) {
  if (!text) return null;
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{title}</h2>
        <Button
          size="small"
          variant="ghost"
          icon="copy"
          aria-label={t('Copy: {what}', { what: title })}
          onClick={() => void copy(text, title.toLowerCase())}
        />
      </div>
      <div
        className={quiet ? `${styles.prompt} ${styles.quiet}` : styles.prompt}
        role="group"
        aria-label={title}
        tabIndex={0}
      >
        {pieces(text).map((piece, index) =>
          piece.network ? (
            <span key={index} className={styles.network} title={piece.text}>
              {piece.network.name} {piece.network.strength}
            </span>
          ) : (
            <span key={index}>{piece.text}</span>
          ),
        )}
      </div>
    </section>
  );
}

function Resource({ one }: { one: ImageResource }) {
  const notes = [
    kindWords(one.kind),
    one.versionName,
    one.baseModel,
    one.model === undefined && one.hash && one.hash.slice(0, 12),
    one.model === undefined && t('not on this server'),
    !one.detected && t('posted to its gallery'),
  ];
  return (
    <li className={styles.resource}>
      {one.model !== undefined ? (
        <Link
          to="/models/$id"
          params={{ id: String(one.model) }}
          search={{ version: one.version ? String(one.version) : undefined }}
          className={styles.name}
        >
          {one.modelName ?? one.name}
        </Link>
      ) : (
        <span className={styles.name}>{one.name || t('Unnamed')}</span>
      )}
      <span className={styles.note}>{notes.filter(Boolean).join(' · ')}</span>
      {one.strength !== undefined && (
        <span className={styles.strength}>
          <span className="unseen">{t('Strength:')} </span>
          {number(Math.round(one.strength * 100) / 100)}
        </span>
      )}
    </li>
  );
}

function Resources({ all }: { all: ImageResource[] }) {
  if (!all.length) return null;
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{t('Made with')}</h2>
      </div>
      <ul className={styles.resources}>
        {all.map((one, index) => (
          <Resource key={index} one={one} />
        ))}
      </ul>
    </section>
  );
}

/** Hands over ComfyUI's document as a file that can be dropped into it. */
async function saveWorkflow(id: number) {
  try {
    const { workflow, graph } = await images.workflow(id);
    const text = workflow ?? graph;
    if (!text) return;
    const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `workflow-${id}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch (error) {
    say((error as Error).message, { bad: true });
  }
}

/** How an image was made, as its file says. */
export function RecipePart({ view }: { view: ImageView }) {
  const { recipe, resources, raw } = view;
  if (!recipe) {
    return (
      <div className={styles.recipe}>
        <Resources all={resources} />
        <Notice>
          {view.image.state === 'pending'
            ? t('The file is being read.')
            : view.hideMeta
              ? t('Its creator keeps the recipe private.')
              : t('This file does not say how it was made.')}
        </Notice>
      </div>
    );
  }
  const settings = settingsOf(recipe);
  return (
    <div className={styles.recipe}>
      <Prompt title={t('Prompt')} text={recipe.prompt} />
      <Prompt title={t('Negative prompt')} text={recipe.negativePrompt} quiet />
      <Resources all={resources} />
      {settings.length > 0 && (
        <section className={styles.part}>
          <div className={styles.head}>
            <h2>{t('Settings')}</h2>
            <Button
              size="small"
              variant="ghost"
              icon="copy"
              onClick={() => void copy(recipeText(recipe), t('the recipe'))}
            >
              {t('Copy all')}
            </Button>
          </div>
          <dl className={styles.settings}>
            {settings.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {view.hasWorkflow && (
        <div className={styles.actions}>
          <Button icon="download" size="small" onClick={() => void saveWorkflow(view.image.id)}>
            {t('ComfyUI workflow')}
          </Button>
        </div>
      )}
      {recipe.fields.length > 0 && (
        <details className={styles.more}>
          <summary>
            {t('{count, plural, one {# more setting} other {# more settings}}', {
              count: recipe.fields.length,
            })}
          </summary>
          <dl className={styles.settings}>
            {recipe.fields.map((field, index) => (
              <div key={index}>
                <dt>{field.name}</dt>
                <dd>{field.value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {recipe.faults.length > 0 && (
        <Notice tone="warning" title={t('Not everything could be read')}>
          {recipe.faults.map((fault) => fault.text).join(' ')}
        </Notice>
      )}
      {raw.length > 0 && (
        <details className={styles.more}>
          <summary>{t('As the file carries it')}</summary>
          {raw.map((one) => (
            <div key={one.place} className={styles.part}>
              <div className={styles.head}>
                <code>{one.place}</code>
                <Button
                  size="small"
                  variant="ghost"
                  icon="copy"
                  aria-label={t('Copy: {what}', { what: one.place })}
                  onClick={() => void copy(one.text, one.place)}
                />
              </div>
              <pre className={styles.raw} tabIndex={0} aria-label={one.place}>
                {one.text}
              </pre>
            </div>
          ))}
        </details>
      )}
    </div>
  );
}
