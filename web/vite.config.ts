import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { licences } from './tools/licences-plugin.ts';
import { messages } from './tools/messages-plugin.ts';
import { precompress } from './tools/precompress-plugin.ts';
import { theme } from './tools/theme-plugin.ts';

// `npm run dev` serves the pages alone and passes API calls on to a running server.
// The Host stays ours: the addresses that the server gives out must come back here.
const target = process.env.ATELIER_URL ?? 'http://127.0.0.1:8080';
const server = { target, changeOrigin: false };

export default defineConfig({
  plugins: [
    react(),
    messages(),
    theme(),
    licences(['@fontsource-variable/instrument-sans']),
    precompress(),
  ],
  build: {
    target: 'es2022',
    // The content security policy allows no data: fonts and no inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: {
    proxy: { '/api': server, '/files': server, '/img': server },
  },
});
