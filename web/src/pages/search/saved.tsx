import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { parseSearch, stringifySearch } from '../../search';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Menu, MenuItem, MenuLine, MenuNote } from '../../ui/menu';
import { save, unsave, useRecent, useSaved } from '../../ui/search/kept';
import { say } from '../../ui/toast';
import { fromStart, pageSearch } from './search';
import type { PageSearch } from './search';
import styles from './search.module.css';

/** The address without the place in the list, which is nobody's wish for later. */
const kept = (search: PageSearch) => stringifySearch({ ...search, ...fromStart });
const back = (search: string) => pageSearch(parseSearch(search));

function SaveDialog({ search, onClose }: { search: PageSearch; onClose: () => void }) {
  const [name, setName] = useState(search.q ?? '');
  function submit() {
    const done = save({ name: name.trim(), search: kept(search) });
    onClose();
    if (done) say(t('Saved'));
    else say(t('This browser keeps nothing: it lasts until you close the page'), { bad: true });
  }
  return (
    <Dialog open title={t('Save this search')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label={t('Name')}
          value={name}
          maxLength={80}
          required
          onChange={(event) => setName(event.target.value)}
          hint={t('Words, filters and order are kept in this browser only.')}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="solid" type="submit" disabled={!name.trim()}>
            {t('Save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** Searches with a name: keep the one that is shown, go to another, forget this one. */
export function SavedMenu({ search }: { search: PageSearch }) {
  const saved = useSaved();
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  const own = saved.find((one) => one.search === kept(search));
  return (
    <>
      <Menu
        trigger={
          <Button icon="bookmark">
            <span className={styles.label}>{t('Saved')}</span>
          </Button>
        }
      >
        {own ? (
          <MenuItem icon="trash" onSelect={() => unsave(own.name)}>
            {t('Forget “{name}”', { name: own.name })}
          </MenuItem>
        ) : (
          <MenuItem icon="plus" onSelect={() => setNaming(true)}>
            {t('Save this search')}
          </MenuItem>
        )}
        {saved.length > 0 && <MenuLine />}
        {saved.length > 0 && <MenuNote>{t('Saved in this browser')}</MenuNote>}
        {saved.map((one) => (
          <MenuItem
            key={one.name}
            icon={one === own ? 'check' : 'search'}
            onSelect={() => void navigate({ to: '/search', search: back(one.search) })}
          >
            {one.name}
          </MenuItem>
        ))}
      </Menu>
      {naming && <SaveDialog search={search} onClose={() => setNaming(false)} />}
    </>
  );
}

/** The searches of before, where there is nothing else to show yet. */
export function KeptLists() {
  const saved = useSaved();
  const recent = useRecent().map((text) => ({ name: text, search: stringifySearch({ q: text }) }));
  const lists = [
    { title: t('Saved in this browser'), items: saved },
    { title: t('Recent searches'), items: recent },
  ];
  return lists
    .filter((list) => list.items.length > 0)
    .map((list) => (
      <nav key={list.title} aria-label={list.title} className={styles.kept}>
        <h2>{list.title}</h2>
        {list.items.map((one) => (
          <Link key={one.name} to="/search" search={back(one.search)}>
            {one.name}
          </Link>
        ))}
      </nav>
    ));
}
