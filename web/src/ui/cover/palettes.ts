/** Ground first, then four colours that sit well on it and on one another. */
export type Palette = readonly [string, string, string, string, string];

export const palettes: readonly Palette[] = [
  ['#10233f', '#1f4e79', '#f2a65a', '#f7d9a8', '#e4572e'],
  ['#f3e9dc', '#c08552', '#5e3023', '#895737', '#dab49d'],
  ['#0b3d3a', '#14746f', '#78c6a3', '#f4e285', '#f4a259'],
  ['#2b193d', '#6a3d7c', '#e26d5c', '#ffe1a8', '#c9cba3'],
  ['#e8edf0', '#2f4858', '#33658a', '#86bbd8', '#f6ae2d'],
  ['#1b1b1e', '#373f51', '#58a4b0', '#a9bcd0', '#d8dbe2'],
  ['#fff1df', '#d9415d', '#f3b23c', '#3f9c86', '#1f5673'],
  ['#3a0d1e', '#7b1e3a', '#d1495b', '#edae49', '#f9e0c3'],
  ['#12294b', '#4a1942', '#c9304c', '#ee7a3a', '#ffd9a0'],
  ['#e9f0e6', '#2d6a4f', '#52b788', '#b7e4c7', '#d4a373'],
  ['#1d2d44', '#3e5c76', '#748cab', '#f0ebd8', '#c97b63'],
  ['#fdf0d5', '#003049', '#669bbc', '#c1121f', '#780000'],
  ['#231a2b', '#3c787e', '#d9c95b', '#d56f3e', '#d0cd94'],
  ['#f6f1eb', '#6b5ba6', '#ee6c6c', '#5cbfae', '#2e294e'],
  ['#0d1b2a', '#415a77', '#e0a458', '#ffdbb5', '#419d78'],
  ['#ede7e3', '#16697a', '#489fb5', '#82c0cc', '#f2a03d'],
];
