import { useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { CSSProperties, ReactNode, RefObject } from 'react';
import { useReact } from '../../api/community';
import { imageQuery, patchImage } from '../../api/images';
import type { ImageCard, ImageView } from '../../api/images';
import { useViewer } from '../../api/session';
import { queries } from '../../queries';
import { generating, openGenerator } from '../../frame/generator';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../button';
import { CollectButton } from '../collect';
import { copy } from '../copy';
import { Discussion } from '../discussion/discussion';
import { counted } from '../reactions';
import { shapeOf } from '../justified-grid/rows';
import { recipeText } from '../recipe/words';
import { ReportButton } from '../report';
import { ImageMenu } from '../thing-menu';
import { say } from '../toast';
import { useViewerKeys, ViewerHelp } from './keys';
import { Side } from './side';
import { Stage } from './stage';
import styles from './viewer.module.css';

interface LayoutProps {
  id: number;
  /** What a list already knows of it. */
  card?: ImageCard;
  next?: ImageCard;
  previous?: ImageCard;
  onStep: (by: 1 | -1) => void;
  /** Closes it, where it lies over something else. */
  onLeave?: () => void;
  frame: RefObject<HTMLElement | null>;
  page?: boolean;
}

function nothingToCopy(view: ImageView | undefined) {
  const hidden = view?.hideMeta && !view.recipe;
  say(
    !view
      ? t('Still loading')
      : hidden
        ? t('Its creator keeps the recipe private.')
        : t('This file does not say how it was made.'),
    { bad: true },
  );
}

/** The picture on its stage and everything about it beside it; in the viewer and as a page. */
export function ImageLayout(props: LayoutProps) {
  const { id, card, next, previous, onStep, onLeave, frame, page } = props;
  const found = useQuery(imageQuery(id));
  const view = found.data;
  const image = view?.image ?? card;
  const viewer = useViewer();
  const navigate = useNavigate();
  const [facts, showFacts] = useState(true);
  const [help, showHelp] = useState(false);
  const zoom = useRef<() => void>(() => undefined);
  const bind = useCallback((toggle: () => void) => void (zoom.current = toggle), []);
  const { own, toggle: react } = useReact({ kind: 'image', id }, (reaction, by) =>
    patchImage(queries, id, (one) => counted(one, reaction, by)),
  );

  function like() {
    if (!viewer?.user) {
      void navigate({ to: '/sign-in', search: { next: `/images/${id}` } });
      return;
    }
    say(own.has('Like') ? t('Like removed') : t('Liked'));
    void react('Like');
  }

  function fullscreen() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void frame.current?.requestFullscreen?.().catch(() => undefined);
  }

  const prompt = view?.recipe?.prompt;
  const recipe = view?.recipe;
  const remixable = Boolean(viewer?.user && image?.type === 'image' && image.state === 'ready');

  function remix() {
    const search = { remix: String(id) };
    if (remixable && !openGenerator(search)) void navigate({ to: '/generate', search });
    else if (!viewer?.user) {
      void navigate({ to: '/sign-in', search: { next: `/generate?remix=${id}` } });
    }
  }
  useViewerKeys({
    step: onStep,
    zoom: () => zoom.current(),
    like,
    copyPrompt: () => (prompt ? void copy(prompt, t('the prompt')) : nothingToCopy(view)),
    copyRecipe: () =>
      recipe ? void copy(recipeText(recipe), t('the recipe')) : nothingToCopy(view),
    remix,
    fullscreen,
    facts: () => showFacts((on) => !on),
    help: () => showHelp(true),
    leave: onLeave,
  });

  const shape = { '--shape': shapeOf(image?.width ?? 0, image?.height ?? 0) } as CSSProperties;
  return (
    <div className={styles.layout} data-facts={facts}>
      <div className={styles.screen} style={shape}>
        <Tools onLeave={onLeave}>
          <Button
            size="small"
            icon="zoom"
            aria-label={t('Actual size, or fitted again')}
            onClick={() => zoom.current()}
          />
          <Button
            size="small"
            icon="info"
            aria-label={t('Facts')}
            aria-pressed={facts}
            onClick={() => showFacts(!facts)}
          />
          <Button
            size="small"
            icon="expand"
            aria-label={t('Fill the screen')}
            onClick={fullscreen}
          />
          <Button
            size="small"
            icon="keyboard"
            aria-label={t('Keys of the viewer')}
            onClick={() => showHelp(true)}
          />
        </Tools>
        {image && (
          <Stage
            key={id}
            image={image}
            next={next}
            previous={previous}
            onStep={onStep}
            onLeave={onLeave}
            bind={bind}
          />
        )}
      </div>
      <aside className={styles.side} aria-label={t('Facts')} tabIndex={page ? undefined : 0}>
        <Side
          page={page}
          image={image}
          view={view}
          error={found.error}
          retry={() => void found.refetch()}
          actions={
            <>
              {remixable && (
                <ButtonLink
                  {...generating({ remix: String(id) })}
                  size="small"
                  variant="solid"
                  icon="remix"
                >
                  {t('Remix')}
                </ButtonLink>
              )}
              <CollectButton small thing={{ kind: 'image', id }} />
              <ReportButton subject={{ kind: 'image', id }} />
            </>
          }
          menu={
            image && (
              <ImageMenu
                image={image}
                onGone={onLeave ?? (() => void navigate({ to: '/images', search: {} }))}
              />
            )
          }
          discussion={
            <Discussion
              subject={{ kind: 'image', id }}
              onCount={(by) =>
                patchImage(queries, id, (one) => ({ ...one, commentCount: one.commentCount + by }))
              }
            />
          }
        />
      </aside>
      <ViewerHelp open={help} onClose={() => showHelp(false)} />
    </div>
  );
}

function Tools({ onLeave, children }: { onLeave?: () => void; children: ReactNode }) {
  return (
    <div className={styles.tools}>
      {onLeave ? (
        <Button size="small" icon="cross" onClick={onLeave}>
          {t('Close')}
        </Button>
      ) : (
        <span />
      )}
      {children}
    </div>
  );
}
