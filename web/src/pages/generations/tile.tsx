import { Link } from '@tanstack/react-router';
import { isFinal } from '../../api/generation';
import type { Generation } from '../../api/generation';
import { generating } from '../../frame/generator';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { Menu, MenuItem, MenuLine, MenuLink } from '../../ui/menu';
import { Picture } from '../../ui/picture/picture';
import { stateWords, viewing } from '../../ui/picture/tile';
import type { HistoryItem } from './history';
import { promptOf } from './use-actions';
import type { Actions, Made } from './use-actions';
import { useKnown } from './use-watch';
import type { Watch } from './watch';
import { problemWords, statusLooks, statusWords, workflowWords } from './words';
import styles from './tile.module.css';

/** Long enough to be told apart, short enough to be listened to. */
function shortly(text: string): string {
  return text.length > 120 ? `${text.slice(0, 118)}…` : text;
}

interface MenuProps {
  made?: Made;
  card: Generation;
  words: string;
  tabIndex: 0 | -1;
  actions: Actions;
  onDetails: () => void;
}

/** Everything that can be done with a picture and its generation. */
function TileMenu({ made, card, words, tabIndex, actions, onDetails }: MenuProps) {
  const id = made && String(made.picture.image.id);
  return (
    <Menu
      trigger={
        <Button
          size="small"
          icon="more"
          tabIndex={tabIndex}
          aria-label={t('Actions: {prompt}', { prompt: words })}
        />
      }
    >
      <MenuItem icon="info" onSelect={onDetails}>
        {t('Details, cost and attempts')}
      </MenuItem>
      <MenuItem icon="heart" onSelect={() => void actions.favourite(card)}>
        {card.favourite ? t('Remove from favourites') : t('Favourite')}
      </MenuItem>
      <MenuItem icon="copy" onSelect={() => actions.copyPrompt(card, made?.picture)}>
        {t('Copy the prompt')}
      </MenuItem>
      <MenuItem icon="retry" onSelect={() => void actions.retry(card)}>
        {card.status === 'succeeded' ? t('Make it again') : t('Try again')}
      </MenuItem>
      <MenuItem icon="plus" onSelect={() => void actions.again(card)}>
        {t('Generate again with a new seed')}
      </MenuItem>
      {made && (
        <>
          <MenuLine />
          <MenuLink {...generating({ remix: id })} icon="remix">
            {t('Use its recipe')}
          </MenuLink>
          <MenuLink {...generating({ source: id, workflow: 'img2img' })} icon="image">
            {t('Create variations')}
          </MenuLink>
          <MenuLink {...generating({ source: id, workflow: 'inpaint' })} icon="brush">
            {t('Repaint part of it')}
          </MenuLink>
          <MenuLink {...generating({ source: id, workflow: 'upscale' })} icon="expand">
            {t('Upscale')}
          </MenuLink>
          <MenuLine />
          <MenuItem icon="download" onSelect={() => actions.download([made])}>
            {t('Download')}
          </MenuItem>
          <MenuItem icon="upload" onSelect={() => void actions.post([made])}>
            {t('Post to gallery')}
          </MenuItem>
        </>
      )}
      <MenuLine />
      {made && (
        <MenuItem icon="trash" danger onSelect={() => void actions.removePictures([made])}>
          {t('Delete the picture')}
        </MenuItem>
      )}
      <MenuItem icon="hide" danger onSelect={() => actions.forget(card)}>
        {t('Remove from history')}
      </MenuItem>
    </Menu>
  );
}

interface TileProps {
  watch: Watch;
  item: HistoryItem;
  width: number;
  tabIndex: 0 | -1;
  actions: Actions;
  list: string;
  chosen: boolean;
  /** Something is chosen, so that choosing more is what one probably wants. */
  choosing: boolean;
  onChoose: (item: HistoryItem) => void;
  onOpen: (image: number) => void;
  onDetails: (id: number) => void;
}

/** One picture of the history, or what a generation without one came to. */
export function Tile(props: TileProps) {
  const { watch, item, width, tabIndex, actions, chosen, choosing, onChoose, onDetails } = props;
  const card = useKnown(watch, item.generation)?.shown;
  if (!card || !isFinal(card.status)) return null;
  const { picture } = item;
  const made = picture && { card, picture };
  const words = shortly(promptOf(card, picture) || workflowWords(card.workflow));
  const details = () => onDetails(card.id);
  return (
    <div className={styles.tile} data-chosen={chosen} data-choosing={choosing}>
      {picture ? (
        <Link
          {...viewing(picture.image.id, props.list)}
          className={styles.link}
          tabIndex={tabIndex}
          aria-label={words}
          preload={false}
          onClick={() => props.onOpen(picture.image.id)}
        >
          <Picture image={picture.image} width={width} />
          {picture.image.state !== 'ready' && (
            <span className={styles.state}>{stateWords(picture.image)}</span>
          )}
        </Link>
      ) : (
        <button type="button" className={styles.none} tabIndex={tabIndex} onClick={details}>
          <span className={styles.status} data-tone={statusLooks[card.status].tone}>
            <Icon name={statusLooks[card.status].icon} size={20} />
            {card.status === 'succeeded'
              ? t('Its pictures were deleted')
              : statusWords(card.status)}
          </span>
          {card.problemCode && (
            <span className={styles.problem}>{problemWords(card.problemCode) ?? card.problem}</span>
          )}
          <span className={styles.prompt}>{words}</span>
        </button>
      )}
      {picture && (
        <label className={styles.choose}>
          <input
            type="checkbox"
            tabIndex={tabIndex}
            checked={chosen}
            onChange={() => onChoose(item)}
            aria-label={t('Choose: {prompt}', { prompt: words })}
          />
        </label>
      )}
      <div className={styles.controls} data-kept={card.favourite}>
        <TileMenu {...{ made, card, words, tabIndex, actions }} onDetails={details} />
        <Button
          size="small"
          icon="heart"
          tabIndex={tabIndex}
          className={styles.heart}
          aria-pressed={card.favourite}
          aria-label={t('Favourite: {prompt}', { prompt: words })}
          onClick={() => void actions.favourite(card)}
        />
      </div>
    </div>
  );
}
