import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { dropImage, forgetFeeds, images } from '../api/images';
import type { ImageCard } from '../api/images';
import { hidden } from '../api/hidden';
import type { HiddenRow } from '../api/hidden';
import { useViewer } from '../api/session';
import { t } from '../text/words';
import { Button } from './button';
import { Menu, MenuItem, MenuLine, MenuLink } from './menu';
import { say } from './toast';

/** Keeping things out of one's own sight; each step can be taken back at once. */
function useHiding() {
  const queries = useQueryClient();
  return async (work: () => Promise<unknown>, row: HiddenRow, done: string) => {
    try {
      await work();
    } catch (error) {
      say((error as Error).message, { bad: true });
      return;
    }
    const renew = () => {
      if (row.kind === 'image') dropImage(row.id);
      else forgetFeeds();
      void queries.invalidateQueries({ queryKey: ['images'] });
      void queries.invalidateQueries({ queryKey: ['models'] });
      void queries.invalidateQueries({ queryKey: ['hidden'] });
    };
    renew();
    say(done, {
      action: {
        label: t('Undo'),
        run: () => void hidden.giveBack(row).then(renew, () => undefined),
      },
    });
  };
}

const row = (kind: HiddenRow['kind'], id: number, blocked = false): HiddenRow => ({
  kind,
  id,
  blocked,
  name: '',
  since: '',
});

/** What one may do to an image besides looking at it. */
export function ImageMenu({ image, onGone }: { image: ImageCard; onGone: () => void }) {
  const hide = useHiding();
  const user = useViewer()?.user;
  if (!user) return null;
  async function remove() {
    try {
      await images.remove(image.id);
    } catch (error) {
      say((error as Error).message, { bad: true });
      return;
    }
    onGone();
    dropImage(image.id);
    say(t('Deleted'), {
      action: {
        label: t('Undo'),
        run: () => void images.restore(image.id).then(forgetFeeds, () => undefined),
      },
    });
  }
  return (
    <Menu trigger={<Button size="small" icon="more" aria-label={t('More actions')} />}>
      {image.mayEdit ? (
        <>
          {image.post !== undefined && (
            <MenuLink to="/create-post" search={{ post: String(image.post) }} icon="edit">
              {t('Edit the post')}
            </MenuLink>
          )}
          <MenuLine />
          <MenuItem icon="trash" danger onSelect={() => void remove()}>
            {t('Delete')}
          </MenuItem>
        </>
      ) : (
        <MenuItem
          icon="hide"
          onSelect={() => {
            onGone();
            const { id } = image;
            void hide(() => hidden.hide('image', id), row('image', id), t('You will not see it'));
          }}
        >
          {t('Hide this image')}
        </MenuItem>
      )}
    </Menu>
  );
}

/** Out of sight with a person, or out of each other's. */
export function PersonActions({ id, username }: { id: number; username: string }) {
  const hide = useHiding();
  const navigate = useNavigate();
  const user = useViewer()?.user;
  if (!user || user.username === username) return null;
  return (
    <Menu trigger={<Button size="small" icon="more" aria-label={t('More actions')} />}>
      <MenuItem
        icon="hide"
        onSelect={() =>
          void hide(
            () => hidden.hide('user', id),
            row('user', id),
            t('You will not see what {name} shows', { name: username }),
          )
        }
      >
        {t('Hide what they show')}
      </MenuItem>
      <MenuItem
        icon="shield"
        danger
        onSelect={() =>
          void hide(
            () => hidden.block(id),
            row('user', id, true),
            t('{name} and you do not see each other', { name: username }),
          ).then(() => navigate({ to: '/' }))
        }
      >
        {t('Block')}
      </MenuItem>
    </Menu>
  );
}
