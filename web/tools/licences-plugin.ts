import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

interface Package {
  name: string;
  version: string;
  license?: string;
}

/** The folder of the package that a module belongs to; undefined for our own. */
function packageOf(module: string): string | undefined {
  const at = module.lastIndexOf('/node_modules/');
  if (at < 0) return undefined;
  for (let folder = dirname(module.split('?')[0]!); folder.length > at; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Package).version) {
      return folder;
    }
  }
  return undefined;
}

/** Writes licenses.txt: what of others is in these pages, with the texts they ask to be kept. */
export function licences(always: string[]): Plugin {
  let root = '';
  return {
    name: 'atelier-licences',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_, bundle) {
      const folders = new Set(always.map((name) => join(root, 'node_modules', name)));
      for (const part of Object.values(bundle)) {
        if (part.type !== 'chunk') continue;
        for (const module of part.moduleIds) {
          const folder = packageOf(module);
          if (folder) folders.add(folder);
        }
      }
      const parts = [...folders].sort().map((folder) => {
        const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
        const texts = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name));
        const words = texts.map((name) => readFileSync(join(folder, name), 'utf8').trim());
        if (words.length === 0 && !about.license) {
          this.error(`${relative(root, folder)} says nothing of its licence`);
        }
        const head = `${about.name} ${about.version} (${about.license ?? 'see below'})`;
        return [head, ...words].join('\n\n');
      });
      const line = `\n\n${'-'.repeat(80)}\n\n`;
      const intro = 'These pages contain work of others, under the licences below.';
      const source = `${[intro, ...parts].join(line)}\n`;
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source });
    },
  };
}
