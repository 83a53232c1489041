import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const source = new URL('./theme.js', import.meta.url);

/**
 * Puts the stored theme on <html> before the first paint: a blocking external script at the top
 * of <head>, because modules run after parsing and the policy forbids inline scripts.
 */
export function theme(): Plugin {
  const text = readFileSync(source, 'utf8').replace(/^\/\/.*\n/gm, '');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const name = `assets/theme-${hash}.js`;
  return {
    name: 'atelier-theme',
    configureServer(server) {
      server.middlewares.use(`/${name}`, (_request, reply) => {
        reply.setHeader('Content-Type', 'text/javascript').end(text);
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: name, source: text });
    },
    transformIndexHtml() {
      return [{ tag: 'script', attrs: { src: `/${name}` }, injectTo: 'head-prepend' }];
    },
  };
}
