/** Plain names of types, by media type. */
const namesByMediaType: Readonly<Record<string, string>> = {
  'application/pdf': 'a PDF',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'a DOCX document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'a PowerPoint presentation (PPTX)',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'an Excel workbook (XLSX)',
  'application/vnd.ms-powerpoint': 'a PowerPoint presentation of the old format (PPT)',
  'application/vnd.ms-excel': 'an Excel workbook of the old format (XLS)',
  'application/vnd.ms-excel.sheet.binary.macroenabled.12': 'a binary Excel workbook (XLSB)',
  'application/msword': 'a Word document of the old format (DOC)',
  'application/x-cfb': 'a file of an old Microsoft Office format',
  'application/vnd.oasis.opendocument.text': 'an OpenDocument text (ODT)',
  'application/vnd.oasis.opendocument.spreadsheet': 'an OpenDocument spreadsheet (ODS)',
  'application/vnd.oasis.opendocument.presentation': 'an OpenDocument presentation (ODP)',
  'application/epub+zip': 'an e-book (EPUB)',
  'message/rfc822': 'an e-mail message (EML)',
  'application/rtf': 'a Rich Text document (RTF)',
  'application/zip': 'a ZIP archive',
  'application/gzip': 'a GZIP archive',
  'application/json': 'JSON data',
  'application/xml': 'XML data',
  'text/csv': 'a table of comma-separated values (CSV)',
  'application/postscript': 'a PostScript document',
  'image/svg+xml': 'a picture (SVG)',
};

const groups: Readonly<Record<string, string>> = { image: 'a picture', audio: 'a sound recording', video: 'a video', font: 'a font' };

/** Types by extension, for sources that declare none; those of source code stand in code/languages.ts. */
export const mediaTypesByExtension: Readonly<Record<string, string>> = {
  html: 'text/html', htm: 'text/html', xhtml: 'application/xhtml+xml',
  md: 'text/markdown', markdown: 'text/markdown', mdown: 'text/markdown', mkd: 'text/markdown', mdx: 'text/markdown',
  txt: 'text/plain', text: 'text/plain', log: 'text/plain',
  eml: 'message/rfc822', epub: 'application/epub+zip', csv: 'text/csv', tsv: 'text/tab-separated-values', tab: 'text/tab-separated-values',
  json: 'application/json', geojson: 'application/json', jsonl: 'application/x-ndjson', ndjson: 'application/x-ndjson', xml: 'application/xml', rtf: 'application/rtf', svg: 'image/svg+xml',
  pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', doc: 'application/msword', pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** What a type is called in a sentence, such as "a picture (image/png)". */
export function describeMediaType(mediaType: string): string {
  const name = namesByMediaType[mediaType] ?? groups[mediaType.split('/')[0] ?? ''];
  return name === undefined ? `a file of type ${mediaType}` : namesByMediaType[mediaType] === undefined ? `${name} (${mediaType})` : name;
}
