import { XmlReader } from '../ooxml/xmlReader.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import { unescapeText } from './escapes.ts';

/** The texts that cells refer to by number. Marks of pronunciation are left out. */
export async function readSharedStrings(archive: ZipArchive, part: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text = '';
  let isText = false;
  let phonetic = 0;
  const reader = new XmlReader({
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic += 1;
      isText = name === 't' && phonetic === 0;
    },
    text(piece) {
      if (isText) text += piece;
    },
    close(name) {
      isText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'si') strings.push(unescapeText(text));
    },
  });
  for await (const piece of archive.stream(part)) reader.write(piece);
  reader.end();
  return strings;
}
