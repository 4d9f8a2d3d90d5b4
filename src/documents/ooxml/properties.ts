import { inlineText } from '../text/normalise.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import { find, parseXml, textIn } from './xmlTree.ts';

/** Titles that programs make up. */
const madeUpTitle = /\.(?:pptx?|xlsx?|potx|xltx|csv|docx?)$|^(?:power ?point[ -]?pr[äe]sentation|présentation powerpoint|presentation ?\d*|pr[äe]sentation ?\d*|slide \d+|folie \d+|book ?\d*|workbook|mappe ?\d*|untitled|title)$/i;

/** Title and language that the author gave an Office file; a broken description is none. */
export function packageProperties(archive: ZipArchive): { title?: string; language?: string } {
  let core: Uint8Array | undefined;
  try {
    core = archive.read('docProps/core.xml');
    if (core === undefined) return {};
    const properties = parseXml(core);
    const value = (name: string): string => inlineText(textIn(find(properties, name) ?? { name, attributes: {}, children: [] }));
    const title = value('title');
    const language = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.exec(value('language'))?.[0];
    return { ...(title === '' || madeUpTitle.test(title) ? {} : { title }), ...(language === undefined ? {} : { language }) };
  } catch {
    // The text of the document is whole without its description.
    return {};
  }
}
