// Spellings of scripts for text that people write (reliability case 1). Each calls alert with a
// number of its own, so that the tripwire knows which one went off.
import { readFileSync } from 'node:fs';

const path = new URL('markdown_payloads.json', import.meta.url);
const { schemes, autolinks, elements, markdown } = JSON.parse(readFileSync(path, 'utf8'));

const links = schemes.flatMap((scheme) => [
  `[press](${scheme})`,
  `[press](<${scheme}>)`,
  `![press](${scheme})`,
  `<a href="${scheme}">press</a>`,
  `[press][r]\n\n[r]: ${scheme}`,
]);

export const payloads = [...links, ...autolinks, ...elements, ...markdown].map((text, index) =>
  text.replaceAll('ID', String(index)),
);
