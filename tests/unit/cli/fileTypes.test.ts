import { describe, expect, it } from 'vitest';
import { inlineMediaType, isSupported, supportedExtensions } from '../../../src/cli/ingest/fileTypes.ts';
import { sourceLanguages } from '../../../src/documents/code/languages.ts';
import { isBinaryType, isTextType } from '../../../src/documents/detect/mediaTypes.ts';
import { mediaTypesByExtension } from '../../../src/documents/detect/names.ts';

describe('files taken from folders', () => {
  it('are of the types of source code that the server knows', () => {
    for (const { extensions, fileNames = [] } of sourceLanguages) {
      for (const extension of extensions) expect(isSupported(`a.${extension}`), extension).toBe(true);
      for (const name of fileNames) expect(isSupported(`folder/${name}`), name).toBe(true);
    }
  });

  it('are of no type that the server refuses', () => {
    const code = new Set(sourceLanguages.flatMap(({ extensions }) => extensions));
    for (const extension of supportedExtensions.map((name) => name.slice(1)).filter((name) => !code.has(name))) {
      const mediaType = mediaTypesByExtension[extension]?.replace('application/xhtml+xml', 'text/html') ?? '';
      expect(isTextType(mediaType) || isBinaryType(mediaType), extension).toBe(true);
    }
    for (const name of ['a.png', 'a.doc', 'a.zip', 'LICENSE', 'a']) expect(isSupported(name), name).toBe(false);
  });

  it('go inline only where the request can name their type', () => {
    expect(inlineMediaType('a.MD')).toBe('text/markdown');
    for (const name of ['a.csv', 'a.json', 'a.py', 'CMakeLists.txt']) expect(inlineMediaType(name), name).toBeUndefined();
  });
});
