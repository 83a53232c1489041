import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { dropImage, forgetFeeds, images } from '../api/images';
import type { ImageCard } from '../api/images';
import { hidden } from '../api/hidden';
import type { HiddenRow } from '../api/hidden';
import { profileQuery, useViewer } from '../api/session';
import { generating } from '../frame/generator';
import { t } from '../text/words';
import { Button } from './button';
import { copy } from './copy';
import { Menu, MenuItem, MenuLine, MenuLink } from './menu';
import { say } from './toast';

/** Keeping things out of one's own sight; each step can be taken back at once. */
function useHiding() {
  const queries = useQueryClient();
  return async (work: () => Promise<HiddenRow>, done: string) => {
    let row: HiddenRow;
    try {
      row = await work();
    } catch (error) {
      say((error as Error).message, { bad: true });
      return false;
    }
    const renew = (again: boolean) => {
      if (row.kind === 'image' && !again) dropImage(row.id);
      else forgetFeeds();
      for (const shown of ['images', 'models', 'posts', 'collections', 'comments', 'hidden'])
        void queries.invalidateQueries({ queryKey: [shown] });
    };
    const undo = async () => {
      try {
        await hidden.giveBack(row);
        renew(true);
        say(t('Shown again'));
      } catch (error) {
        say((error as Error).message, { bad: true });
      }
    };
    renew(false);
    say(done, { action: { label: t('Undo'), run: () => void undo() } });
    return true;
  };
}

async function hide(kind: HiddenRow['kind'], id: number): Promise<HiddenRow> {
  await hidden.hide(kind, id);
  return { kind, id, blocked: false, name: '', since: '' };
}

async function block(id: number): Promise<HiddenRow> {
  await hidden.block(id);
  return { kind: 'user', id, blocked: true, name: '', since: '' };
}

interface PersonProps {
  name: string;
  /** Finds the person's number, where the page does not know it. */
  find: () => Promise<number>;
  /** Called before: leaves what will be gone. */
  onGone?: () => void;
}

/** The two ways out of somebody's sight, as items of a menu. */
function PersonItems({ name, find, onGone }: PersonProps) {
  const out = useHiding();
  return (
    <>
      <MenuItem
        icon="hide"
        onSelect={() => {
          onGone?.();
          const work = async () => hide('user', await find());
          void out(work, t('You will no longer see what {name} posts', { name }));
        }}
      >
        {t('Hide posts by {name}', { name })}
      </MenuItem>
      <MenuItem
        icon="shield"
        danger
        onSelect={() => {
          onGone?.();
          const work = async () => block(await find());
          void out(work, t('You and {name} no longer see each other', { name }));
        }}
      >
        {t('Block {name}', { name })}
      </MenuItem>
    </>
  );
}

function CopyAddress({ path }: { path: string }) {
  return (
    <MenuItem
      icon="link"
      onSelect={() => void copy(new URL(path, location.origin).href, t('its address'))}
    >
      {t('Copy its address')}
    </MenuItem>
  );
}

/** Ways of going on from a picture in the generator. */
function GoingOn({ image }: { image: ImageCard }) {
  const user = useViewer()?.user;
  if (!user || image.type === 'video' || image.state !== 'ready') return null;
  const source = String(image.id);
  return (
    <>
      <MenuLine />
      <MenuLink {...generating({ remix: source })} icon="remix">
        {t('Remix')}
      </MenuLink>
      <MenuLink {...generating({ source, workflow: 'img2img' })} icon="image">
        {t('Use as source')}
      </MenuLink>
      <MenuLink {...generating({ source, workflow: 'inpaint' })} icon="brush">
        {t('Inpaint')}
      </MenuLink>
      <MenuLink {...generating({ source, workflow: 'upscale' })} icon="expand">
        {t('Upscale')}
      </MenuLink>
    </>
  );
}

/** What one may do to an image besides looking at it. */
export function ImageMenu({ image, onGone }: { image: ImageCard; onGone: () => void }) {
  const out = useHiding();
  const queries = useQueryClient();
  const user = useViewer()?.user;
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
      <CopyAddress path={`/images/${image.id}`} />
      <GoingOn image={image} />
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
        user && (
          <>
            <MenuLine />
            <MenuItem
              icon="hide"
              onSelect={() => {
                onGone();
                void out(() => hide('image', image.id), t('Hidden'));
              }}
            >
              {t('Hide this image')}
            </MenuItem>
            <PersonItems
              name={image.creator}
              find={async () => (await queries.fetchQuery(profileQuery(image.creator))).id}
              onGone={onGone}
            />
          </>
        )
      )}
    </Menu>
  );
}

/** What one may do to a model of somebody else. */
export function ModelMenu({ id, creator }: { id: number; creator: string }) {
  const out = useHiding();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const user = useViewer()?.user;
  const onGone = () => void navigate({ to: '/models', search: {} });
  return (
    <Menu trigger={<Button size="small" icon="more" aria-label={t('More actions')} />}>
      <CopyAddress path={`/models/${id}`} />
      {user && (
        <>
          <MenuLine />
          <MenuItem
            icon="hide"
            onSelect={() => {
              onGone();
              void out(() => hide('model', id), t('Hidden'));
            }}
          >
            {t('Hide this model')}
          </MenuItem>
          <PersonItems
            name={creator}
            find={async () => (await queries.fetchQuery(profileQuery(creator))).id}
            onGone={onGone}
          />
        </>
      )}
    </Menu>
  );
}

/** Out of sight with a person, or out of each other's. */
export function PersonActions({ id, username }: { id: number; username: string }) {
  const navigate = useNavigate();
  const user = useViewer()?.user;
  if (user?.username === username) return null;
  return (
    <Menu trigger={<Button size="small" icon="more" aria-label={t('More actions')} />}>
      <CopyAddress path={`/user/${username}`} />
      {user && (
        <>
          <MenuLine />
          <PersonItems
            name={username}
            find={async () => id}
            onGone={() => void navigate({ to: '/' })}
          />
        </>
      )}
    </Menu>
  );
}
