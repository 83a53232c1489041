const paths = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4.5 4.5',
  plus: 'M12 5v14M5 12h14',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6 6 18',
  down: 'm6 9.5 6 6 6-6',
  up: 'm6 14.5 6-6 6 6',
  left: 'm14.5 6-6 6 6 6',
  right: 'm9.5 6 6 6-6 6',
  download: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14',
  upload: 'M12 20V9m-4.5 4.5L12 9l4.5 4.5M5 4.5h14',
  copy: 'M9 9h10v10.5H9zM15 9V4.5H5V15h4',
  home: 'm4 11 8-6.5 8 6.5v8.5h-5.5v-6h-5v6H4z',
  grid: 'M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z',
  rows: 'M4.5 6h15M4.5 12h15M4.5 18h15',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 19.500c.7-3.2 3.2-4.8 6.5-4.800s5.8 1.6 6.5 4.800M15.5 5.300a3.5 3.5 0 0 1 0 6.400M18 15.200c1.9.7 3.1 2.1 3.5 4.3',
  filter: 'M4 6.500h16M7 12h10M10 17.500h4',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  key: 'M8 10.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm2.9 1.200L19 3.600M15 7.500l3 3',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M5.3 18.700l1.4-1.400M17.3 6.700l1.4-1.4',
  moon: 'M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10Z',
  screen: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  pause: 'M8.5 5.500v13M15.5 5.500v13',
  play: 'M8 5.500v13l10.5-6.500z',
  file: 'M6 3.500h8l4 4v13H6zM14 3.500v4h4',
  shield: 'M12 3.5 5 6v5.500c0 4.3 2.8 7.4 7 9 4.2-1.6 7-4.7 7-9V6z',
  warning: 'M12 4 3 19.500h18zM12 10v4.500M12 17.200v.01',
  info: 'M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5M12 8v.01',
  clock: 'M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.500V12l3 2',
  tag: 'M4 4.500h7.500l8.5 8.5-7 7L4.5 11.500zM8 8.200v.01',
  trash: 'M5 7h14M9.5 7V4.500h5V7M7 7l.8 12.500h8.400L17 7M10.2 10.500v5.500M13.8 10.500v5.5',
  edit: 'm5 19 .8-3.800L16 5l3 3L8.8 18.200zM14 7l3 3',
  retry: 'M19 12a7 7 0 1 1-2-5M19 4v4h-4',
  gear: 'M12 8.800a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.400ZM12 2.800v2.700M12 18.500v2.700M2.8 12h2.700M18.5 12h2.700M5.5 5.500l1.9 1.900M16.6 16.600l1.9 1.900M5.5 18.500l1.9-1.900M16.6 7.400l1.9-1.9',
  folder: 'M3.5 6h6l2 2.500h9V19h-17z',
  chart: 'M4.5 4v15.500H20M8.5 16v-4M12.5 16V8M16.5 16v-6',
  leave: 'M13.5 4.500h-8v15h8M10 12h10m-3.5-3.500L20 12l-3.5 3.5',
  archive: 'M4 5h16v4H4zM5.5 9v10.500h13V9M10 12.500h4',
  eye: 'M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.500S2.5 12 2.5 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  layers: 'm12 3.5 9 5-9 5-9-5zM3 13l9 5 9-5',
  keyboard: 'M3 6.500h18v11H3zM7 10v.01M10.3 10v.01M13.7 10v.01M17 10v.01M8 14h8',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.700l1-1',
} as const;

export type IconName = keyof typeof paths;

/** A stroke drawing that says nothing on its own: the control around it has the name. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
