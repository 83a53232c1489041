import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { imageQuery } from '../../api/images';
import type { PersonStanding, ReportPage } from '../../api/moderation';
import { number } from '../../text/format';
import { actWords, reasonWords, subjectWords } from '../../text/moderation';
import { t } from '../../text/words';
import { Badge, LevelBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { conceal, reveal, useVeiled } from '../../ui/picture/levels';
import { Picture } from '../../ui/picture/picture';
import { imageWords } from '../../ui/picture/tile';
import { PersonChip } from '../../ui/person';
import { Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import type { ImageCard } from '../../api/images';
import styles from './moderation.module.css';

function Shown({ image }: { image: ImageCard }) {
  const { veiled, veilable } = useVeiled(image);
  return (
    <>
      <div className={styles.picture}>
        <Picture image={image} width={640} fit="contain" veiled={veiled} alt={imageWords(image)} />
      </div>
      {veilable && (
        <Button
          size="small"
          icon={veiled ? 'eye' : 'hide'}
          onClick={() => (veiled ? reveal(image.id) : conceal(image.id))}
        >
          {veiled ? t('Show it') : t('Veil it')}
        </Button>
      )}
    </>
  );
}

function ImageEvidence({ id }: { id: number }) {
  const view = useQuery(imageQuery(id)).data;
  if (!view) return null;
  return (
    <>
      <Shown image={view.image} />
      {view.recipe?.prompt && <p className={styles.quote}>{view.recipe.prompt}</p>}
    </>
  );
}

export function Person({ person }: { person: PersonStanding }) {
  return (
    <section className={styles.part} aria-label={t('Owner')}>
      <h3>{t('Owner')}</h3>
      <div className={styles.line}>
        <PersonChip username={person.username} />
        {person.status !== 'active' && <Badge tone="warning">{person.status}</Badge>}
        <span>
          {t(
            '{points, plural, =0 {no active strikes} one {# active point} other {# active points}}',
            {
              points: person.points,
            },
          )}
        </span>
      </div>
      {person.decisions.length > 0 && (
        <ul className={styles.history}>
          {person.decisions.slice(0, 6).map((one) => (
            <li key={one.id}>
              {one.acts.map((act) => actWords(act)).join(', ')}
              {one.reason && ` (${one.reason})`} <Time at={one.at} />{' '}
              {one.undone && <Badge>{t('overturned')}</Badge>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The thing, what was said against it, and whose it is, side by side. */
export function Evidence({ page }: { page: ReportPage }) {
  const { report, reporters, thing, owner, others } = page;
  return (
    <div className={styles.evidence}>
      <section className={styles.part} aria-label={t('What was reported')}>
        <div className={styles.line}>
          <Badge>{subjectWords(report.kind)}</Badge>
          {thing && <LevelBadge bits={thing.level} />}
          {thing && !thing.open && <Badge tone="warning">{t('Not shown to others')}</Badge>}
        </div>
        <h2>{thing?.title || report.title || `${subjectWords(report.kind)} ${report.subject}`}</h2>
        {!thing ? (
          <Notice>{t('It is gone: deleted by its owner, or by somebody before you.')}</Notice>
        ) : (
          <>
            {report.kind === 'image' && <ImageEvidence id={report.subject} />}
            <a href={thing.address} target="_blank" rel="noreferrer">
              {t('Open it in a new tab')}
            </a>
          </>
        )}
      </section>
      <div className={styles.aside}>
        <section className={styles.part} aria-label={t('What was said')}>
          <h3>
            {reasonWords(report.reason)}
            {report.voices > 1 && ` × ${number(report.voices)}`}
          </h3>
          {report.detail && <p className={styles.quote}>{report.detail}</p>}
          {reporters.map((voice) => (
            <div key={voice.user} className={styles.voice}>
              <div className={styles.line}>
                <Link to="/user/$username" params={{ username: voice.username }}>
                  {voice.username}
                </Link>
                <Time at={voice.at} />
                {voice.level !== undefined && <LevelBadge bits={voice.level} />}
              </div>
              {voice.details && <p>{voice.details}</p>}
            </div>
          ))}
          {others.length > 0 && (
            <p className={styles.hint}>
              {t(
                '{count, plural, one {# other open report about it} other {# other open reports about it}}',
                { count: others.length },
              )}
            </p>
          )}
        </section>
        <Person person={owner} />
      </div>
    </div>
  );
}
