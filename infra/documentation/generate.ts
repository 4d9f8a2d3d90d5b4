/** `npm run docs`: writes the pages of docs/reference that are made from code. */
import { mkdir, writeFile } from 'node:fs/promises';
import { referenceFolder, referencePages } from './referencePages.ts';

await mkdir(referenceFolder, { recursive: true });
for (const [name, text] of await referencePages()) {
  await writeFile(new URL(name, referenceFolder), text);
  console.log(`docs/reference/${name}`);
}
