import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

/**
 * Compiles a catalogue (`src/locales/<locale>.json`, message → translation, ICU MessageFormat)
 * into Lingui's runtime form, so that no message parser is shipped. A plain message that says
 * the same as its key is left out: Lingui falls back to the key.
 */
export function messages(): Plugin {
  return {
    name: 'atelier-messages',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/locales\/[\w-]+\.json$/.test(id)) return null;
      const catalogue = JSON.parse(code) as Record<string, string>;
      const compiled: Record<string, unknown> = {};
      for (const [message, translation] of Object.entries(catalogue)) {
        const plain = !/[{}'<]/.test(translation);
        if (plain && translation === message) continue;
        compiled[message] = compileMessage(translation);
      }
      return { code: `export default ${JSON.stringify(compiled)};`, moduleType: 'js', map: null };
    },
  };
}
