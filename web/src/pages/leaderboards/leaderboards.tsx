import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { leaderboardQuery, leaderboardsQuery } from '../../api/community';
import type { Body } from '../../api/shapes';
import { usePageTitle } from '../../frame/title';
import { day, number } from '../../text/format';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { PersonChip } from '../../ui/person';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Table } from '../../ui/table';
import styles from './leaderboards.module.css';

type Row = Body<'LeaderRow'>;

function moved(row: Row): string {
  if (row.positionBefore === undefined) return t('new');
  const by = row.positionBefore - row.position;
  return by > 0
    ? t('up {count}', { count: by })
    : by < 0
      ? t('down {count}', { count: -by })
      : t('as before');
}

function All() {
  const found = useQuery(leaderboardsQuery);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="16rem" />;
  const ranked = found.data.items.some((board) => board.top.length > 0);
  return (
    <div className={styles.boards}>
      {!ranked && (
        <div className={styles.unranked}>
          <Notice title={t('No rankings yet')}>
            {t('Rankings are made every hour, of what people did until then.')}
          </Notice>
        </div>
      )}
      {found.data.items.map((board) => (
        <section key={board.id} className={styles.board}>
          <h2>
            <Link to="/leaderboards/{-$id}" params={{ id: board.id }}>
              {board.title}
            </Link>
          </h2>
          <p>{board.description}</p>
          {board.top.length > 0 && (
            <ol className={styles.top}>
              {board.top.map((row) => (
                <li key={row.id}>
                  <span className={styles.place}>{row.position}</span>
                  <PersonChip username={row.username} />
                  <span className={styles.score}>{number(row.score)}</span>
                </li>
              ))}
            </ol>
          )}
        </section>
      ))}
    </div>
  );
}

function One({ id }: { id: string }) {
  const found = useInfiniteQuery(leaderboardQuery(id));
  const first = found.data?.pages[0];
  usePageTitle(first?.title);
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!first) return <Bone height="24rem" />;
  const rows = found.data!.pages.flatMap((page) => page.items);
  return (
    <>
      <header className={styles.head}>
        <Link to="/leaderboards/{-$id}" params={{ id: undefined }} className={styles.all}>
          {t('All leaderboards')}
        </Link>
        <h1>{first.title}</h1>
        <p className={styles.note}>
          {first.description} {first.date && day(new Date(first.date))}
        </p>
        {first.own && (
          <Notice>
            {t('You are at place {place} with {score}.', {
              place: number(first.own.position),
              score: number(first.own.score),
            })}
          </Notice>
        )}
      </header>
      {rows.length === 0 ? (
        <Empty
          icon="crown"
          title={t('No rankings yet')}
          actions={
            <ButtonLink to="/leaderboards/{-$id}" params={{ id: undefined }}>
              {t('All leaderboards')}
            </ButtonLink>
          }
        >
          {t('Rankings are made every hour.')}
        </Empty>
      ) : (
        <Table<Row>
          label={first.title}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'place', title: t('Place'), cell: (row) => number(row.position) },
            {
              key: 'name',
              title: t('Name'),
              cell: (row) => <PersonChip username={row.username} />,
            },
            { key: 'score', title: t('Score'), end: true, cell: (row) => number(row.score) },
            { key: 'moved', title: t('Since yesterday'), end: true, cell: moved },
          ]}
        />
      )}
      {found.hasNextPage && (
        <div className={styles.more}>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('Show more')}
          </Button>
        </div>
      )}
    </>
  );
}

export function LeaderboardsPage() {
  const { id } = useParams({ from: '/leaderboards/{-$id}' });
  usePageTitle(id ? undefined : t('Leaderboards'));
  if (id) return <One id={id} />;
  return (
    <>
      <h1>{t('Leaderboards')}</h1>
      <All />
    </>
  );
}
